"""Why a file cannot be read, in words for the person who sent it. Never a cell value."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from pipeline.errors import FILE, Problem, fail

_RESAVE = ("用 Excel 或 WPS 打开它，另存为 .xlsx 再放进来", "open it in Excel or WPS and save it as .xlsx")
_RESEND = ("请发件人重新导出或重新发送原文件", "ask the sender to export or send the file again")
_TABLE = "xlsx / xls / xlsb / ods / et / csv / json / parquet / sav"

# code: (zh, en, expected, (what to do zh, en))
_WORDS: dict[str, tuple[str, str, str, tuple[str, str]]] = {
    "file_missing": ("文件不存在", "the file does not exist", "", ("检查文件名和文件夹", "check the file name and folder")),
    "file_is_folder": ("这是文件夹，不是文件", "this is a folder, not a file", "",
                       ("写出文件夹里的文件名", "name the file inside the folder")),
    "file_unreadable": ("无法读取文件", "the file cannot be read", "",
                        ("请先关闭打开它的程序，或检查权限", "close the program that holds it, or check permissions")),
    "file_empty": ("文件是空的", "the file is empty", "", _RESEND),
    "file_placeholder": ("这只是大文件存储的占位文本，不是文件本身", "this is only the pointer of a large-file store, not the file",
                         "", ("用 git lfs pull（或 git annex get）取回原文件", "fetch the file with git lfs pull (or git annex get)")),
    "not_a_table": ("这种文件里没有可读的表格", "this kind of file holds no table that can be read", _TABLE,
                    ("发送表格文件本身", "send the table file itself")),
    "zip_not_workbook": ("压缩包里没有能读的表格", "the zip archive holds no table that can be read", _TABLE,
                         ("检查是否发错文件", "check whether this is the right file")),
    "zip_encrypted": ("压缩包有密码", "the zip archive is protected by a password", "",
                      ("解压后放入里面的文件", "unpack it and put in the files inside")),
    "zip_too_deep": ("压缩包里套着多层压缩包", "archives lie within archives, several deep", "",
                     ("解压后放入里面的文件", "unpack it and put in the files inside")),
    "zip_too_many": ("压缩包里的文件太多", "the zip archive holds too many files", "",
                     ("解压后只放入需要的文件", "unpack it and put in only the files needed")),
    "zip_broken": ("文件已损坏或没有下载完整", "the file is broken or was not downloaded completely", "", _RESEND),
    "zip_too_large": ("解压后大得异常，拒绝打开", "unpacked it would be suspiciously large; refused", "",
                      ("请发件人删去多余格式后另存", "ask the sender to save it without superfluous formatting")),
    "sheet_too_large": ("工作表的范围大得异常", "a sheet claims a suspiciously large range", "",
                        ("在 Excel 里删去数据以外的行列，另存再放进来", "delete the rows and columns beyond the data in Excel and save it again")),
    "workbook_encrypted": ("工作簿有打开密码", "the workbook is protected by a password", "",
                           ("打开后去掉密码，另存再放进来", "open it, remove the password and save it again")),
    "workbook_broken": ("工作簿无法打开", "the workbook cannot be opened", "", _RESAVE),
    "html_as_workbook": ("这是网页（HTML 或 XML），里面没有表格", "this is a web page (HTML or XML) without a table", "", _RESAVE),
    "text_undecodable": ("文字编码无法识别", "the text encoding cannot be recognised", "UTF-8 / GB18030",
                         ("另存为 CSV UTF-8，或在来源合同里写 encoding", "save it as CSV UTF-8, or set encoding in the source contract")),
    "wrong_encoding": ("按指定的编码读不出来", "the text is not in the encoding given", "",
                       ("改正或删去来源合同里的 encoding", "correct or remove encoding in the source contract")),
    "not_what_name_says": ("文件内容与扩展名不符，也不像表格", "the content is not what the name says, nor does it look like a table",
                           _TABLE, _RESEND),
    "json_broken": ("JSON 格式有误", "this is not valid JSON", "", _RESEND),
    "json_no_records": ("JSON 里没有记录列表", "the JSON holds no list of records", "[{…}, {…}]", _RESEND),
    "parquet_broken": ("Parquet 文件已损坏", "the Parquet file is broken", "", _RESEND),
    "spss_not_read": ("旧式 SPSS 可移植文件（.por）不能直接读取", "old portable SPSS files (.por) are not read directly", ".sav / .zsav",
                      ("在 SPSS 里打开它，另存为 .sav", "open it in SPSS and save it as .sav")),
    "spss_broken": ("SPSS 文件已损坏或没有下载完整", "the SPSS file is broken or was not downloaded completely", "", _RESEND),
    "no_table": ("没有找到表格：只有标题、单独一格或单独一行数值", "no table was found: nothing but a title, one cell or one row of values", "",
                 ("检查是否发错文件，或数据在别的工作表里", "check whether this is the right file, or the data are elsewhere")),
    "no_such_sheet": ("没有这个工作表", "there is no such sheet", "", ("改正来源合同里的 sheet", "correct sheet in the source contract")),
    "no_such_rows": ("指定的表头行不在文件里", "the header rows given are not in the file", "",
                     ("改正来源合同里的 header_rows", "correct header_rows in the source contract")),
}  # fmt: skip


def shown(path: Path) -> str:
    """A path as people know it: the file with the folder it lies in."""
    return path.as_posix() if not path.is_absolute() else "/".join(path.parts[-2:]).lstrip("/\\")


def refuse(code: str, path: Path, *, got: str = "", expected: str = "", where: str = "") -> NoReturn:
    """Stop with exit 10 and the reason `code`; `where` adds a place inside the file (sheet, line)."""
    zh, en, expects, (do_zh, do_en) = _WORDS[code]
    place = shown(path) + (f" · {where}" if where else "")
    fail(FILE, Problem(code, place, zh, en, got=got, expected=expected or expects, do_zh=do_zh, do_en=do_en))
