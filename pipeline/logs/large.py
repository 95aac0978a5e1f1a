"""One large log file → its events and account, block by block: memory stays flat, and an interrupted load goes on where it
stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from pipeline.clean.fates import FATES, NOTICES, fates_of, notice, together
from pipeline.contracts import Codebook
from pipeline.logs.accounting import close, take
from pipeline.logs.block import Around, Tables, clean_block, tables_of
from pipeline.logs.numbering import WRITTEN
from pipeline.logs.reading import ROWS, LogFile, LogSheet, matched_sheet
from pipeline.logs.records import LogDelivery
from pipeline.logs.settings import limits
from pipeline.logs.store import Account, load_journal, write_account, write_events
from pipeline.logs.torn import torn
from pipeline.readers.streams import Block, Mark, Stream, open_stream
from pipeline.readers.text_table import no_rows

_PLAIN = 19  # characters of `2023-05-14 08:03:01`
Watch = Callable[
    [int, int], None
]  # told how many more bytes, and rows, are done; without rows: bytes that need not be read


def is_large(delivery: LogDelivery) -> bool:
    """Whether a file is better read in blocks than whole."""
    return (
        not delivery.tables
        and delivery.path.is_file()
        and delivery.path.stat().st_size > limits()["work"]["stream_bytes"]
    )


def open_large(delivery: LogDelivery) -> Stream | None:
    """A large file as a stream; nothing for kinds that can only be read whole (workbooks, archives)."""
    source = delivery.source
    return open_stream(delivery.path, encoding=source.encoding, header_rows=source.header_rows)


def head_of(delivery: LogDelivery, stream: Stream, codebooks: dict[str, Codebook]) -> LogFile:
    """What the headings of a large file say. Missing required columns are collected in `problems`."""
    head = stream.head
    file = LogFile(delivery, *(pl.DataFrame(schema=schema) for schema in (ROWS, FATES, NOTICES)))
    file.family, file.encoding = head.family, head.encoding or None
    file.sheets.append(matched_sheet(file, head, codebooks))
    file.n_read[head.sheet] = 0
    return file


def clean_large(file: LogFile, stream: Stream, around: Around, watch: Watch) -> Account:
    """Clean and store one large file. Raises exit 11 for values outside a closed list, exit 10 where the file turns out to be
    broken."""
    sheet, delivery = file.sheets[0], file.delivery
    account = load_journal(
        around.study, delivery.source_file_id, around.contexts[delivery.source_file_id], around.today
    )
    if account is None:
        account = Account(
            delivery.source_file_id, around.contexts[delivery.source_file_id], notices=file.notices, family=file.family,
            encoding=file.encoding,
        )  # fmt: skip
        account.count(sheet.name)
    tables = tables_of([sheet], [file.year], around)
    after = None if account.mark is None else Mark.from_json(account.mark["at"])
    done = 0 if account.mark is None else account.mark["n_bytes"]
    if done:
        watch(done, 0)
    places = {name: int(column[1:]) for name, column in sheet.physical.items()}
    coded = frozenset(place for name, place in places.items() if name not in WRITTEN)
    wanted, rows = sorted(set(places.values())), limits()["work"]["block_rows"]
    for block in _read_ahead(stream.blocks(wanted, coded=coded, after=after, rows=rows)):
        _clean(account, block, tables, around, is_last=block.n_bytes >= stream.n_bytes)
        account.mark = {
            "at": block.mark.as_json(),
            "n_bytes": block.n_bytes,
            "n": account.mark["n"] + 1 if account.mark else 1,
        }
        write_account(around.study, account, is_finished=False)
        watch(block.n_bytes - done, block.n_read)
        done = block.n_bytes
        del block  # before the next is read
    close(account, file.sheets, around)
    write_account(around.study, account)
    return account


def _read_ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, each read while the one before is cleaned: neither uses all processors all the time."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block
            del block


def _clean(account: Account, block: Block, tables: Tables, around: Around, *, is_last: bool) -> None:
    sheet = tables.sheets[0]
    file_id = account.source_file_id
    cut_off = torn(sheet.delivery.path, block.frame, block.notices) if is_last else no_rows()
    rows = _rows(block.frame.join(cut_off, on="source_row", how="anti") if cut_off.height else block.frame, sheet)
    aside = fates_of(pl.concat([block.set_aside, cut_off]), file_id=file_id, sheet=sheet.name, fate="set_aside")
    account.count(sheet.name, read=block.n_read)
    counted = block.notices.group_by("reason_code").len().sort("reason_code").iter_rows()
    noted = [notice(file_id, sheet.name, reason, n=n) for reason, n in counted]
    account.notices = together([account.notices, *noted], NOTICES)
    with around.engines.steps() as steps:
        found = clean_block(steps, tables, rows, around)
        number = 0 if account.mark is None else account.mark["n"]
        account.events += write_events(
            steps, around.study, account, found.months, block=number, in_order=_is_in_order(rows)
        )
        take(account, found, aside, sheet.delivery, around)


def _rows(frame: pl.DataFrame, sheet: LogSheet) -> pl.DataFrame:
    """The rows of a block under canonical names. Ends are trimmed where anything has ends to trim: most times are written
    by machines, all alike."""
    columns = [pl.lit(0, pl.Int64).alias("sheet_no"), pl.col("source_row").cast(pl.Int64)]
    for name, column in sheet.physical.items():
        written = pl.col(column).alias(name)
        if name in WRITTEN and not (name == "used_at" and _is_plain(frame[column])):
            written = pl.col(column).str.strip_chars().replace("", None).alias(name)
        columns.append(written)
    return frame.select(columns)


def _is_plain(texts: pl.Series) -> bool:
    return texts.null_count() == 0 and bool((texts.str.len_bytes() == _PLAIN).all())


def _is_in_order(rows: pl.DataFrame) -> bool:
    """Whether the rows stand in order of time: texts of one plain shape that are in order say so."""
    return "used_at" in rows.columns and _is_plain(rows["used_at"]) and rows["used_at"].is_sorted()
