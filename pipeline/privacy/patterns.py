"""Personal values that have a form — numbers, accounts, addresses on the net, plates, nicknames — as regular expressions.

Written for polars' engine, which looks neither ahead nor behind: what is known to be harmless is broken up before
(`HARMLESS`), so that no pattern reaches across it.
"""

from __future__ import annotations

from pipeline.privacy.signs import BREAK, HIDDEN

_OF_WORDS = "〇零○一二三四五六七八九两幺壹贰叁肆伍陆柒捌玖①-⑨⓪"  # digits as words
_DIGIT = rf"[\p{{Nd}}{_OF_WORDS}]"
_GAP = r"[ \t\u00a0\u3000\u200b-\u200f\ufeff\-－–—‐‑·.．_()（）]{0,2}"
_WIDE_GAP = r"[\s\u200b-\u200f\ufeff\-－–—‐‑·.．_/、,，~～*]{0,3}"
_LETTER = "A-Za-zＡ-Ｚａ-ｚ"
_SIGN = rf"[{_LETTER}0-9０-９_＿\-－]"
_SAYS = r"\s*(?:是|为|叫做?|就是|[:：#＃=])?\s*"

_MAIL_NAME = rf"[{_LETTER}0-9０-９._%+\-．＿]+"
_DOT = r"\s*(?:[.．。]|[(（\[]\s*dot\s*[)）\]]|点)\s*"
EMAIL = (
    rf"(?i){_MAIL_NAME}\s*(?:[@＠]|[(（\[]\s*at\s*[)）\]])\s*[{_LETTER}0-9０-９\-]+(?:{_DOT}[{_LETTER}0-9０-９\-]+)+"
)
_REST = rf"""[^\s\p{{Han}}，。；、！？）】」』》"'{HIDDEN}{BREAK}]"""
URL = rf"(?i)(?:(?:https?|weixin|alipays?)\s*[:：]//|www\.){_REST}+|(?:[a-z0-9-]+\.)+(?:cn|com|net|org|top|cc|me|io|link|app)/{_REST}+"
_APPS = (
    r"(?:微\s*信|威信|薇信|微聊|[vｖ]信|[vｖ][xｘ]|[wｗ][xｘ]|wechat|weixin|扣扣|企鹅|[qｑ][qｑ]|抖音|快手|小红书|微博|陌陌|"
    r"钉钉|支付宝|淘宝|闲鱼|telegram|whatsapp|加\s*[vｖ]|加\s*[qｑ])"
)
ACCOUNT = rf"(?i){_APPS}\s*(?:同号|账号|帐号|账户|号码?|id)?{_SAYS}{_SIGN}{{5,}}"
_LABELS = (
    r"(?:openid|unionid|userid|uid|\bid|用户标识|工号|骑手号|骑手编号|员工号|卡号|账号|帐号|会员号|学号|身份证号?码?|驾照号?|护照号?|"
    r"车牌号?码?|牌照号?|车号|订单号?|运单号?|取件码|取餐码|验证码|密码)"
)
LABELLED = rf"(?i){_LABELS}{_SAYS}{_SIGN}{{4,}}"
TOKEN = r"[A-Za-z0-9][A-Za-z0-9_\-]{19,}"  # an open id (28 characters that begin with o), a UUID, a session
IPV6 = r"(?i)(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{0,4}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){1,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?"
IPV4 = r"\p{Nd}{1,3}(?:\s?[.．。]\s?\p{Nd}{1,3}){3}(?:[:：]\p{Nd}{1,5})?"
_NAMED_AS = r"(?:昵称|网名|网络名|群名片|花名|微信名|抖音名|快手名|外号|绰号|游戏名|用户名)"
_END = rf"，。；;,！!？?、\n{HIDDEN}{BREAK}"
NICKNAME = (
    rf"{_NAMED_AS}\s*(?:是|叫做?|为|就是)?\s*[:：]\s*[^{_END}]{{1,16}}|"
    rf"{_NAMED_AS}\s*(?:是|叫做?|为|就是)?\s*[^\s:：{_END}]{{1,16}}"
)
_PLACE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
_PLATE_GAP = r"[ \u3000·•・.．\-－]{0,2}"
_PLATE_DIGITS = rf"(?:(?:[{_LETTER}]{_PLATE_GAP}){{0,2}}\p{{Nd}}{_PLATE_GAP}){{3,6}}"
PLATE = rf"{_PLACE}{_PLATE_GAP}[{_LETTER}]{_PLATE_GAP}{_PLATE_DIGITS}[{_LETTER}]{{0,2}}[挂学警港澳]?"
MOBILE = rf"(?:[+＋]?{_DIGIT}{{2,4}}{_GAP})?[1１一幺壹①]{_WIDE_GAP}(?:[3-9３-９三四五六七八九叁肆伍陆柒捌玖③-⑨]{_WIDE_GAP})(?:[oOＯ\p{{Nd}}{_OF_WORDS}]{_WIDE_GAP}){{8}}[oOＯ\p{{Nd}}{_OF_WORDS}]"
HALF_HIDDEN_MOBILE = r"1[3-9]\p{Nd}[*＊xX×]{2,6}\p{Nd}{2,4}"
_EXTENSION = r"(?:\s*(?:转|分机|ext\.?)\s*\p{Nd}{1,6})?"
SCIENTIFIC = r"\p{Nd}\.\p{Nd}+[Ee]\+?\p{Nd}{2}"
NUMBER = (
    rf"[+＋]?[(（]?(?:{_DIGIT}{_GAP}){{7,}}{_DIGIT}[XxＸｘ×]?{_EXTENSION}|"
    rf"[A-Za-z]?\p{{Nd}}{{7,}}[XxＸｘ×]?{_EXTENSION}"
)
CALLED = rf"(?:电话|座机|固话|手机|小灵通|呼叫|拨|tel|Tel|TEL|联系方式|QQ|qq){_SAYS}(?:\p{{Nd}}[ \-－]?){{5,}}\p{{Nd}}"

PATTERNS = (
    EMAIL, URL, TOKEN, IPV6, IPV4, ACCOUNT, LABELLED, NICKNAME, PLATE, NUMBER, MOBILE, HALF_HIDDEN_MOBILE, SCIENTIFIC, CALLED,
)  # fmt: skip

# What only looks like a number of a person: dates, ranges of figures with their unit, years, numbered things.
HARMLESS = (
    (
        r"((?:19|20)\p{Nd}{2})([\-－./])(0?[1-9]|1[0-2])([\-－./])([12][0-9]|3[01]|0?[1-9])",
        f"${{1}}${{2}}{BREAK}${{3}}${{4}}{BREAK}${{5}}{BREAK}",
    ),
    (
        r"(^|[^\p{Nd}A-Za-z_\-])(\p{Nd}{1,6})([\-－~～—])(\p{Nd}{1,6})(元|块|单|人|米|次|度|斤|平|公里|千米|分|小时|天|点|年|k|K|w|W|%|左右)",
        f"${{1}}${{2}}${{3}}{BREAK}${{4}}${{5}}",
    ),
)
