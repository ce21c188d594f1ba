"""The families of golden cases, by name."""
from . import arrays, order, products, reductions, repr as printing, ufuncs

FAMILIES = {
    "binary": ufuncs.binary,
    "creation": arrays.creation,
    "indexing": order.indexing,
    "joining": arrays.joining,
    "linalg": products.linalg,
    "ordering": order.ordering,
    "products": products.products,
    "reductions": reductions.family,
    "repr": printing.family,
    "searching": order.searching,
    "shapes": arrays.shapes,
    "unary": ufuncs.unary,
}
