@_exported public import MNNExpr
@_exported public import MNNGraph
