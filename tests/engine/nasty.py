"""Text that something downstream could read as more than a name: wildcards, templates, quotes, marks, paths, floods."""

NASTY = [
    "", " ", ".", "..", "../etc", "a/b", "a\\b", "/", "-", "-a", "--output=x", "a b", " a", "a ", "a\t", "a\n",
    "\na", "a\r", "a\x00", "\x00", "a\x1b[31m", "a\x7f", "%", "a%", "%a%", "*", "a*", "?", "[", "]", "[a]", "[_]",
    "[%]", "a[_]b", "{a}", "'", '"', "a'b", 'a"b', '","rule-action":"include', '"}]}', "`id`", "$(id)", "$a",
    "${a}", "${AWS::AccountId}", "{{a}}", "{{resolve:secretsmanager:sluice/orders/shop}}", "{% raw %}", "{#", "<<<",
    ">>>", "<<< 7 * 7 >>>", "<a>", "<script>", "&amp;", "a&b", "a;b", "a|b", "a,b", "a:b", "a=b", "a+b", "a@b",
    "a#b", "a~b", "a^b", "a!b", "a(b)", "a.b", ".git", "~", "é", "ａ", "\u0430", "ß", "İ", "e\u0301", "\u200b",
    "a\u200bb", "\u202e", "a\u202eb", "\u2066a", "\ufeffa", "\u2028", "\u2029", "\ud800", "\U0001f600", "\u0660",
    "²", "①", "a" * 64, "a" * 300, "_" * 64, "data/x", "a//b", "con\x00", "null\n", "1" * 64, "a\u00a0b", "\u00ad",
    "a\u00ad", "Ａ", "ﬁ",
]  # fmt: skip
