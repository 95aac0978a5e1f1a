"""504 invented personal values of twelve kinds, and sheets that carry them wherever an export can: bookkeeping columns, the key of
the panel, what is filled in beside an option, sentences of free text, columns nobody asked for.

Nobody is meant: mobiles begin with 1900, identity numbers with a region that does not exist, addresses on the net are from the blocks
kept for documentation. Every value can be searched for: none occurs in the questionnaire or in another value.
"""

from __future__ import annotations

from dataclasses import replace

from tests.platforms.answers import FILLED, Answers, Person, Pick, Sheet, draw_answers

N = 42
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
FIRST, SECOND = "珩骁翊琰湛岚恺", "澍璟琮霁晖瀚"
NAMES = tuple(surname + FIRST[n % 7] + SECOND[n % 6] for n, surname in enumerate(SURNAMES[:N]))
KINDS: dict[str, tuple[str, ...]] = {
    "name": NAMES,
    "mobile": tuple(f"1900{3100000 + 137 * n}" for n in range(N)),
    "landline": tuple(f"010-65{410000 + 211 * n}" for n in range(N)),
    "identity": tuple(f"99010119900{101 + n % 9}{300 + 7 * n}{'X' if n % 5 == 0 else n % 10}" for n in range(N)),
    "email": tuple(f"rider.demo{n:02d}@example.com" for n in range(N)),
    "wechat": tuple(f"wxdemo_{7300 + 3 * n}" for n in range(N)),
    "qq": tuple(f"80{6100000 + 173 * n}" for n in range(N)),
    "ip": tuple(f"203.0.113.{10 + n}" if n % 2 else f"192.0.2.{110 + n}" for n in range(N)),
    "nickname": tuple(f"追风的小电驴{31 + n}号" for n in range(N)),
    "openid": tuple(f"oDEMO{n:02d}x{9001 + 17 * n}abcXYZ_-{n:02d}" for n in range(N)),
    "plate": tuple(
        f"京{'ABCEFGHJKL'[n % 10]}{'·' if n % 3 == 0 else ''}{chr(65 + n % 8)}{1234 + 57 * n}" for n in range(N)
    ),
    "address": tuple(f"柳荫里{11 + n}号楼{1 + n % 6}单元{301 + n}室" for n in range(N)),
}
TELLING = {
    "name": "姓名", "mobile": "手机号", "identity": "身份证号", "email": "E-mail", "wechat": "微信号", "ip": "IP地址",
}  # fmt: skip
SENTENCES = (
    "我叫{name}，电话{mobile}，座机{landline}，身份证{identity}，邮箱{email}，微信号{wechat}，QQ{qq}，IP是{ip}，网名{nickname}，"
    "openid {openid}，车牌{plate}，家住{address}",
    "联系人：{name} {mobile}；办公室{landline}。证件号{identity} 邮件请发{email} 微信：{wechat} QQ：{qq} 上网地址{ip} 昵称：{nickname} "
    "OpenID：{openid} 车牌号：{plate} 地址：{address}",
    "有事找{name}师傅，打{mobile}或{landline}都行，{identity}是我的身份证，{email}，加微信{wechat}，加qq {qq}，{ip}上不了网，"
    "我的昵称是{nickname}，我的openid是{openid}，{plate}停在门口，住在{address}",
    "{name}说充电口坏了，回电{mobile}（{landline}），身份证号码：{identity}，Email:{email}，vx:{wechat}，QQ号{qq}，IP：{ip}，微信昵称{nickname}，"
    "用户标识{openid}，电动车{plate}，送到{address}",
)  # fmt: skip
FILLS = (
    "找{name}修车", "打{mobile}", "{landline}", "证件{identity}", "发到{email}", "加微信{wechat}", "QQ{qq}", "{ip}", "网名{nickname}",
    "openid {openid}", "{plate}", "{address}门口",
)  # fmt: skip


def values() -> dict[str, str]:
    """Every planted value and its kind."""
    return {value: kind for kind, known in KINDS.items() for value in known}


def searched() -> dict[str, str]:
    """What is looked for, and its kind: every planted value, and given names, which some platforms keep apart."""
    return values() | {name[1:]: "name" for name in NAMES}


def own(place: int) -> dict[str, str]:
    """The twelve values of one person."""
    return {kind: known[place] for kind, known in KINDS.items()}


def planted_answers(seed: int = 5) -> Answers:
    """42 sheets, each with the values of one person in every place an export has."""
    return tuple(_planted(sheet, own(sheet.number - 1)) for sheet in draw_answers(N, seed))


def _planted(sheet: Sheet, told: dict[str, str]) -> Sheet:
    place = sheet.number - 1
    keys = [told[kind] for kind in ("mobile", "identity", "wechat", "qq", "email", "name")]
    filled = FILLS[place % len(FILLS)].format(**told)
    answers = dict(sheet.answers) | {
        "remark": SENTENCES[place % len(SENTENCES)].format(**told),
        "panel": keys[place % len(keys)] + ("" if place % 2 else "/1990-01-05"),
        "group": Pick("other", filled) if place % 2 else sheet.answers["group"],
        "need": (Pick("charging"), Pick("other", filled)) if place % 3 else (Pick("other", FILLED[0]),),
    }
    if place % 2:
        answers |= {"vehicle": "not_shown", "swaps": "not_shown"}
    person = Person(
        ip=told["ip"], nickname=told["nickname"], email=told["email"], openid=told["openid"], device=f"dev:{told['openid']}",
        first_name=told["name"][1:], last_name=told["name"][0], phone=told["mobile"], extra=extra_columns(told),
    )  # fmt: skip
    return replace(sheet, person=person, answers=answers)


def extra_columns(told: dict[str, str]) -> dict[str, str]:
    """Columns nobody asked for, heading → value: half with headings that tell, half without."""
    return {TELLING.get(kind, f"备用{n}"): value for n, (kind, value) in enumerate(told.items(), start=1)}
