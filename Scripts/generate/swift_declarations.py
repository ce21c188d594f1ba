"""Reads the public functions of np, cv, expr and Variable from the sources, for the scripts that write calls of them."""
import re

DECLARATION = re.compile(r"^extension ([\w.]+)|^( *)public (static )?func (`?\w+`?)\s*(<[^(]*>)?\(", re.M)
OWNERS = ("np", "np.linalg", "np.random", "cv", "expr", "Variable")


def matching(text, start):
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    raise ValueError


def split(parameters):
    parts, depth, current = [], 0, ""
    for c in parameters:
        depth += (c in "([<") - (c in ")]>")
        if c == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += c
    return [p.strip() for p in parts + [current] if p.strip()]


def declarations(path):
    """Owner, whether static, name, generic parameters, parameters, and what follows them up to the body."""
    text, owner = path.read_text(encoding="utf-8"), None
    for match in DECLARATION.finditer(text):
        if match[1]:
            owner = match[1]
            continue
        end = matching(text, match.end() - 1)
        if owner in OWNERS:
            effects = text[end + 1:text.index("{", end)] if "{" in text[end:] else ""
            yield owner, bool(match[3]), match[4], match[5], " ".join(text[match.end():end].split()), " ".join(effects.split())
