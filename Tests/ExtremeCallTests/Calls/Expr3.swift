// Written by Scripts/generate/extreme-calls.
// swift-format-ignore-file

import MNNCV
import MNNExpr
import MNNGraph
import MNNNumpy

extension Call {
  static let expr3: [Call] = [
    Call("Variable.placeholder(shape,format,dtype,name)", [1, 2, 3]) { a in return look(Variable.placeholder(shape: a.ints(1), format: a.flag(2) ? .NHWC : .NCHW, dtype: a.dtype(3), name: nil)) },
  ]
}
