"""Some small log files together → their events on disk and the account of each."""

from __future__ import annotations

import polars as pl

from pipeline.logs.accounting import close, take
from pipeline.logs.block import Around, clean_block, tables_of
from pipeline.logs.reading import ROWS, LogFile
from pipeline.logs.store import Account, write_account, write_events


def clean_batch(files: list[LogFile], around: Around) -> list[Account]:
    """Clean and store the files of one batch. Raises exit 11 for values outside a closed list."""
    sheets, years, parts = [], [], [pl.DataFrame(schema=ROWS)]
    for file in files:
        parts.append(file.rows.with_columns(pl.col("sheet_no") + len(sheets)))
        sheets += file.sheets
        years += [file.year] * len(file.sheets)
        file.rows = file.rows.clear()
    with around.engines.steps() as steps:
        found = clean_block(steps, tables_of(sheets, years, around), pl.concat(parts), around)
        accounts = []
        for file in files:
            account = opened(file, around)
            account.events = write_events(steps, around.study, account, found.months)
            take(account, found, file.fates, file.delivery, around)
            accounts.append(account)
    for account, file in zip(accounts, files, strict=True):
        close(account, file.sheets, around)
        write_account(around.study, account)
    return accounts


def opened(file: LogFile, around: Around) -> Account:
    """The account of a file, with what its reader saw."""
    file_id = file.delivery.source_file_id
    account = Account(
        file_id, around.contexts[file_id], notices=file.notices, family=file.family, encoding=file.encoding
    )
    for sheet, n in file.n_read.items():
        account.count(sheet, read=n)
    return account
