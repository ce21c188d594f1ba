// Whoever uses cv handles variables and tensors.
@_exported public import MNNExpr
@_exported public import MNNGraph
