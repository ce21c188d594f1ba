"""The families of golden cases, by name."""
from . import repr as _repr

FAMILIES = {"repr": _repr.family}
