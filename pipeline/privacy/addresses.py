"""Where somebody lives, as people write it: a road with a number, a chain of building, unit and room, a village.

The name of a public place alone (a road, a shopping street, a station) is no address: couriers must be able to say where
something is missing. Written for polars' engine, without look-around.
"""

from __future__ import annotations

from pipeline.privacy.signs import BREAK

_NUMBER = r"(?:[甲乙丙丁]?\p{Nd}{1,5}|[甲乙丙丁]?[一二三四五六七八九十百〇零]{1,5}|[A-Za-zＡ-Ｚａ-ｚ]\p{Nd}{0,4})"
_JOIN = r"[\s,，、\-－—–·#＃]{0,2}"
_PART = "(?:号院|号楼|号|院|弄|栋|幢|座|楼|单元|门|层|室|房|户|组|队|屋)"
_STRONG = "(?:号院|栋|幢|单元|室|弄)"
_TAIL = rf"(?:{_JOIN}{_NUMBER}?{_PART})*(?:{_JOIN}\p{{Nd}}{{1,5}})?"
_ROAD = (
    "(?:路|街|大道|胡同|巷|弄|村|庄|屯|园|苑|小区|社区|公寓|花园|家园|家属院|大院|新村|宿舍|府|庭|邨|湾|大厦|里|院)"
    "(?:[东西南北中]?[一二三四五六]?[区里段期院])?"
)
ROAD = rf"[\p{{Han}}A-Za-z0-9·]{{1,12}}{_ROAD}{_JOIN}{_NUMBER}\s*{_PART}{_TAIL}"
ROOM = rf"[\p{{Han}}]{{1,10}}(?:小区|公寓|花园|家园|苑|里|园|村|宿舍){_JOIN}(?:{_NUMBER}[\-－—/]){{1,3}}\p{{Nd}}{{2,4}}"
_ELEMENT = rf"(?:{_NUMBER}\s*{_PART}{_JOIN})"
CHAIN = (
    rf"[\p{{Han}}]{{0,8}}(?:{_NUMBER}\s*{_STRONG}{_JOIN}{_ELEMENT}+(?:\p{{Nd}}{{1,5}})?|{_ELEMENT}+{_NUMBER}\s*{_STRONG}{_TAIL}"
    rf"|{_NUMBER}\s*(?:单元|栋|幢){_JOIN}\p{{Nd}}{{2,5}}[室号]?|\p{{Nd}}{{3,4}}\s*室)"
)
DASHES = r"\p{Nd}{1,3}[\-－—]\p{Nd}{1,2}[\-－—]\p{Nd}{3,4}"
VILLAGE = r"[\p{Han}]{1,8}(?:镇|乡)[\p{Han}]{1,6}(?:村|庄|屯|社区)"
LIVES = (
    r"(?:住在|家在|家住|租在|租住在?|(?:住址|地址|户籍|老家)\s*(?:是|在|[:：]))\s*"
    r"[\p{Han}A-Za-z0-9]{2,16}?(?:小区|家园|花园|公寓|新村|嘉园|苑|村|胡同|庄|屯|\p{Nd}号|\p{Nd}室|\p{Nd}栋)"
)
ADDRESSES = (ROAD, ROOM, CHAIN, DASHES, VILLAGE, LIVES)

# A road or a house may carry these numbers without being anybody's address.
HARMLESS = (
    (
        r"([\p{Nd}一二三四五六七八九十]+号)(线|口|出口|门口|门|驿站|服务站|站|桩|柜|机|桌|椅|电梯|充电|窗|店|车|前|以前|之前|开始|发|那天|左右|晚|早|上|下|中)",
        f"${{1}}{BREAK}${{2}}",
    ),
    (r"(城中)(村)", f"${{1}}{BREAK}${{2}}"),
    (r"([这那哪站屋家心店夜院路楼城村])(里|上|边)", f"${{1}}${{2}}{BREAK}"),
)
