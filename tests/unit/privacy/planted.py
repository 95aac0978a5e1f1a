"""Invented free texts with invented personal values in them, of sixteen kinds; and what couriers write that is harmless."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

HARMLESS = Path(__file__).with_name("harmless.txt")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
COMPOUND = ("欧阳", "上官", "司徒", "诸葛", "慕容", "皇甫", "令狐", "尉迟")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞刚桂英华玉兰梅红健俊峰鹏飞宇轩浩然子涵欣怡佳琪博文斌波辉琳倩莹璐雪晨曦志鑫婷颖凯旭东海燕春梓萱诗雅云龙虎豪威坤岩松林森栋梁"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
ROADS = ("青禾路", "望云街", "柳荫胡同", "东风大街", "星河北路", "松园西里", "长桥东巷", "和畅大道")
ESTATES = ("青禾家园", "望云小区", "星河苑", "松园公寓", "幸福新村", "柳荫花园")
AROUND = (
    "{}", "{}谢谢", "有事联系{}", "希望晚上开门，{}", "{}，充电口太少了", "水太凉 {} 请改进", "请回复（{}）", "{}。多放几把椅子", "我是外卖员，{}，下雨没处躲",
)  # fmt: skip
NAMES_IN = (
    "我叫{}", "我是{}", "姓名：{}", "联系人{}", "找{}", "{}师傅人很好", "{}站长不在", "感谢{}", "{}态度很好", "表扬一下{}", "{}女士总是笑脸", "请找{}经理",
    "是{}帮我修的车", "{}", "投诉{}", "保安{}不让进", "{}经常不开门", "站里的{}很热情", "问了{}也不知道", "昨天{}给我倒了水",
)  # fmt: skip

# Letters and sentences that the screen was not tuned on: please do not tune it on them, they say how good it is elsewhere.
UNSEEN_GIVEN = (
    "立书守向世家承启耀祖传绪崇尚景兰秋冬香莲菊翠银素淑贞惠竹月霜雪妹姣娥凤珠满囤栓锁虎牛小大建国卫东援朝红旗跃进胜利文革永革新民"
    "泽楷博翔睿渊梓诺伊依诗语笑果米朵苗"
)
UNSEEN_SENTENCES = (
    "{}嗓门大", "跟{}打过招呼", "{}给换的灯泡", "托{}带了话", "上回{}请我喝茶", "有事都找{}", "{}那天发了雨衣", "谁都认识{}", "被{}说了一顿",
    "{}真是好人", "早班是{}", "这是{}告诉我的",
)  # fmt: skip


class Planted(NamedTuple):
    """One text and the personal value in it."""

    kind: str
    value: str
    text: str


def plant(n: int, seed: int) -> list[Planted]:
    """`n` texts, the kinds in turn. The same seed gives the same texts."""
    draw = random.Random(seed)
    kinds = list(KINDS)
    texts = []
    for i in range(n):
        kind = kinds[i % len(kinds)]
        value, text = KINDS[kind](draw)
        texts.append(Planted(kind, value, draw.choice(AROUND).format(text)))
    return texts


def unannounced(n: int, seed: int) -> list[Planted]:
    """`n` texts with a name that mostly nothing around it announces: the hardest kind."""
    draw = random.Random(seed)
    texts = []
    for _ in range(n):
        value = draw.choice(SURNAMES) + "".join(draw.choice(UNSEEN_GIVEN) for _ in range(draw.choice((1, 2, 2))))
        texts.append(Planted("unannounced", value, draw.choice(UNSEEN_SENTENCES).format(value)))
    return texts


def _digits(draw: random.Random, n: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(n))


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _said(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "零一二三四五六七八九"))


def _name(draw: random.Random) -> tuple[str, str]:
    surname = draw.choice(COMPOUND) if draw.random() < 0.06 else draw.choice(SURNAMES)
    value = surname + "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2))))
    return value, draw.choice(NAMES_IN).format(value)


def _titled(draw: random.Random) -> tuple[str, str]:
    value = draw.choice(SURNAMES) + draw.choice(
        ("师傅", "先生", "女士", "经理", "站长", "大哥", "大姐", "老师", "阿姨")
    )
    return value, draw.choice(("找{}", "{}很好", "谢谢{}", "跟{}说过", "有个{}", "{}让我填的")).format(value)


def _mobile(draw: random.Random) -> tuple[str, str]:
    value = "190" + _digits(draw, 8)
    a, b, c = value[:3], value[3:7], value[7:]
    forms = (
        value,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        _wide(value),
        _said(value),
        f"+86 {value}",
        f"{a}－{b}－{c}",
        " ".join(value),
    )
    value = draw.choice(
        (*forms, _said(value).replace("一", "幺"), f"86{value}", f"{a}.{b}.{c}", f"{a}、{b}、{c}", f"(+86){value}")
    )
    return value, draw.choice(("电话{}", "手机：{}", "打{}", "{}", "tel:{}", "我的号码是{}")).format(value)


def _landline(draw: random.Random) -> tuple[str, str]:
    local = draw.choice("2345678") + _digits(draw, 7)
    forms = (
        f"010-{local}",
        f"(010){local}",
        f"010{local}",
        f"（0755）{local[:4]} {local[4:]}",
        f"010-{local}转801",
        local,
        _wide(f"010-{local}"),
    )
    value = draw.choice(forms)
    return value, draw.choice(("座机{}", "{}", "电话：{}")).format(value)


def _plate(draw: random.Random) -> tuple[str, str]:
    head, tail = draw.choice(PROVINCES) + draw.choice(LETTERS), draw.choice("ADF") + _digits(draw, 4)
    serial = draw.choice(
        (
            _digits(draw, 5),
            tail,
            "D" + _digits(draw, 5),
            _digits(draw, 5) + "F",
            f"{draw.choice(LETTERS)}{draw.choice(LETTERS)}{_digits(draw, 3)}",
        )
    )
    value = f"{head}{draw.choice(('', '·', ' ', '-'))}{serial}"
    value = draw.choice((value, value, value.lower(), _wide(value), f"{value[0]} {value[1:]}"))
    return value, draw.choice(("车牌{}", "{}老占道", "我的车是{}", "{}")).format(value)


def _address(draw: random.Random) -> tuple[str, str]:
    n = lambda most: str(draw.randint(1, most))  # noqa: E731
    value = draw.choice((
        f"{draw.choice(ROADS)}{n(99)}号院{n(20)}号楼{n(6)}单元{n(20)}0{n(6)}",
        f"{draw.choice(ROADS)}{n(99)}号{n(20)}号楼{n(20)}0{n(6)}室",
        f"{draw.choice(ESTATES)}{n(20)}栋{n(6)}单元{n(20)}0{n(6)}室",
        f"{draw.choice(ESTATES)}{n(20)}号楼{n(6)}0{n(6)}",
        f"{draw.choice(ESTATES)}{n(20)}-{n(6)}-{n(20)}0{n(6)}",
        f"{draw.choice(ROADS)}{n(299)}号",
        f"清溪镇石桥村{n(12)}组{n(90)}号",
        f"石桥村{n(90)}号",
        f"{n(20)}栋{n(6)}单元{n(20)}0{n(6)}",
        f"{draw.choice(ROADS)} {_wide(n(99))} 号院 {n(20)} 号楼",
        f"{draw.choice(ROADS)}甲{n(99)}号",
    ))  # fmt: skip
    return value, draw.choice(("住{}", "住在{}", "地址：{}", "我家在{}", "{}", "送到{}")).format(value)


def _identity(draw: random.Random) -> tuple[str, str]:
    value = f"110101{draw.randint(1950, 2005)}0{draw.randint(1, 9)}{draw.randint(10, 28)}{_digits(draw, 3)}{draw.choice('0123456789Xx')}"
    value = draw.choice(
        (
            value,
            f"{value[:6]} {value[6:14]} {value[14:]}",
            value[:6] + value[8:17],
            _wide(value),
            f"{value[:6]}-{value[6:14]}-{value[14:]}",
        )
    )
    return value, draw.choice(("身份证{}", "证件号：{}", "{}")).format(value)


def _email(draw: random.Random) -> tuple[str, str]:
    value = f"{draw.choice(('rider', 'a.b', 'x_1', 'song'))}{_digits(draw, 3)}@{draw.choice(('example.com', 'mail.example.com', 'example.com.cn'))}"
    value = draw.choice((value, value.replace("@", "＠"), value.upper(), _wide(value), value.replace("@", " @ ")))
    return value, draw.choice(("邮箱{}", "发到{}", "{}")).format(value)


def _wechat(draw: random.Random) -> tuple[str, str]:
    value = f"{draw.choice(('wxid_', 'rider-', 'abc', 'town_'))}{_digits(draw, 5)}"
    return value, draw.choice(
        ("微信{}", "微信号：{}", "vx:{}", "加V {}", "wx {}", "WeChat: {}", "微 信 {}", "加我微信{}", "V信{}")
    ).format(value)


def _qq(draw: random.Random) -> tuple[str, str]:
    value = draw.choice("123456789") + _digits(draw, draw.choice((5, 7, 9)))
    return value, draw.choice(("QQ{}", "qq号：{}", "扣扣{}", "QQ: {}", "加q{}")).format(value)


def _ip(draw: random.Random) -> tuple[str, str]:
    value = draw.choice(
        (
            f"203.0.113.{draw.randint(1, 254)}",
            f"192.0.2.{draw.randint(1, 254)}",
            f"2001:db8:{_digits(draw, 4)}::{draw.randint(1, 99)}",
            f"2001:db8:0:0:1:{_digits(draw, 2)}:0:{draw.randint(1, 9)}",
        )
    )
    return value, draw.choice(("IP {}", "从{}登录", "{}")).format(value)


def _card(draw: random.Random) -> tuple[str, str]:
    value = "6200" + _digits(draw, draw.choice((12, 15)))
    value = draw.choice((value, " ".join(value[i : i + 4] for i in range(0, len(value), 4)), _wide(value)))
    return value, draw.choice(("卡号{}", "打到{}", "银行卡：{}")).format(value)


def _open_id(draw: random.Random) -> tuple[str, str]:
    signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    value = "o" + "".join(draw.choice(signs) for _ in range(27))
    return value, draw.choice(("openid:{}", "{}", "用户{}")).format(value)


def _nickname(draw: random.Random) -> tuple[str, str]:
    value = draw.choice(("追风少年", "蓝色", "Rider", "小熊")) + draw.choice(("阿布", "🐼", "2号", "不吃鱼", "ing"))
    return value, draw.choice(("昵称：{}", "网名{}", "昵称是{}", "网名叫{}", "昵称 {}", "微信名：{}")).format(value)


def _link(draw: random.Random) -> tuple[str, str]:
    value = draw.choice(
        (
            f"https://example.com/u/{_digits(draw, 6)}",
            f"www.example.com/?uid={_digits(draw, 5)}",
            f"example.com/user/{_digits(draw, 5)}",
            f"http://203.0.113.9/p?id={_digits(draw, 4)}",
        )
    )
    return value, draw.choice(("看{}", "{}", "链接 {}")).format(value)


KINDS = {
    "name": _name, "titled": _titled, "mobile": _mobile, "landline": _landline, "plate": _plate, "address": _address,
    "identity": _identity, "email": _email, "wechat": _wechat, "qq": _qq, "ip": _ip, "card": _card, "open_id": _open_id,
    "nickname": _nickname, "link": _link, "second name": _name,
}  # fmt: skip
