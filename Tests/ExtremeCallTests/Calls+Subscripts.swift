import MNNExpr
import MNNNumpy

extension Call {
  /// What stands between brackets, read and written.
  static let subscripts: [Call] = [
    Call("x[position]", [1]) { a in look(a.variable(0)[a.int(1, 0)]) },
    Call("x[slice]", [1, 2, 3]) { a in
      look(a.variable(0)[BasicIndex.slice(a.optionalInt(1), a.optionalInt(2), a.int(3, 1))])
    },
    Call("x[slice, slice]", [1, 2, 3]) { a in
      look(a.variable(0)[BasicIndex.slice(nil, a.int(1, 2), a.int(2, 1)), BasicIndex.slice(a.int(3, 0), nil, -1)])
    },
    Call("x[step]", [1]) { a in look(a.variable(0)[BasicIndex.step(a.int(1, 2))]) },
    Call("x[array]", [1]) { a in look(a.variable(0)[a.variable(1)]) },
    Call("x[from...]", [1]) { a in look(a.variable(0)[a.int(1, 0)...]) },
    Call("x[...to]", [1]) { a in look(a.variable(0)[...a.int(1, 0)]) },
    Call("x[a...b]", [1]) { a in look(a.variable(0)[min(a.int(1, 0), 1)...max(a.int(1, 0), 1)]) },
    Call("x[slice] = 1", [1, 2, 3]) { a in
      var x = a.variable(0)
      x[BasicIndex.slice(a.optionalInt(1), a.optionalInt(2), a.int(3, 1))] = 1
      look(x)
    },
    Call("x[position, array] = y", [1, 2]) { a in
      var x = a.variable(0)
      x[a.int(1, 0), a.variable(2)] = a.variable(0)
      look(x)
    },
  ]
}
