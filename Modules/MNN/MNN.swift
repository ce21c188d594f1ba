/// All modules under one name: `import MNN`.
@_exported public import MNNBackendCPU
@_exported public import MNNCV
@_exported public import MNNConvert
@_exported public import MNNExpr
@_exported public import MNNGraph
@_exported public import MNNNumpy
@_exported public import MNNQuant
@_exported public import MNNRuntime
@_exported public import MNNSchema
