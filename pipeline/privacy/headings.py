"""Headings that announce personal data whatever the contract says. A column so named that no contract declares is dropped
and never shown."""

from __future__ import annotations

import re

PERSONAL_HEADING = re.compile(
    r"姓名|电话|座机|固话|手机号|手机$|联[系络]方式|联[系络]人|身份证|微信|昵称|邮箱|openid|open_id|来自IP|\bIP\b|用户标识|e-?mail|phone|mobile|"
    r"填表人|审核人|负责人",
    re.IGNORECASE,
)


def is_personal_heading(heading: str) -> bool:
    """Whether a heading announces personal data."""
    return PERSONAL_HEADING.search(heading) is not None
