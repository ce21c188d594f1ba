import MNNGraph
import MNNNumpy

extension GoldenFunctions {
  static let ordering: Table = [
    "argsort": { [np.argsort(try $0.x(0), axis: $0.axis(default: -1))] },
    "bincount": { call in
      let weights = try call.keywords["weights"].map { try call.variable($0) }
      return [np.bincount(try call.x(0), weights: weights, minlength: call.int("minlength") ?? 0)]
    },
    "digitize": { [np.digitize(try $0.x(0), try $0.x(1), right: $0.flag("right"))] },
    "intersect1d": { [np.intersect1d(try $0.x(0), try $0.x(1))] },
    "isin": { [np.isin(try $0.x(0), try $0.x(1), invert: $0.flag("invert"))] },
    "lexsort": { [np.lexsort(try $0.list(0))] },
    "msort": { [np.msort(try $0.x(0))] },
    "searchsorted": { [np.searchsorted(try $0.x(0), try $0.x(1), side: $0.text("side") ?? "left")] },
    "setdiff1d": { [np.setdiff1d(try $0.x(0), try $0.x(1))] },
    "setxor1d": { [np.setxor1d(try $0.x(0), try $0.x(1))] },
    "sort": { [np.sort(try $0.x(0), axis: $0.axis(default: -1))] },
    "union1d": { [np.union1d(try $0.x(0), try $0.x(1))] },
    "unique": { [np.unique(try $0.x(0))] },
    "uniqueAll": { call in
      let result = np.uniqueAll(try call.x(0))
      return [result.values, result.indices, result.inverse, result.counts]
    },
  ]

  private static func mode(_ call: GoldenCall) -> IndexMode { IndexMode(rawValue: call.text("mode") ?? "raise") ?? .raise }

  static let searching: Table = [
    "allclose": { [Variable(scalar: try np.allclose($0.x(0), $0.x(1), equalNaN: $0.flag("equal_nan")))] },
    "argwhere": { [np.argwhere(try $0.x(0))] },
    "arrayEqual": { [Variable(scalar: try np.arrayEqual($0.x(0), $0.x(1), equalNaN: $0.flag("equal_nan")))] },
    "choose": { [np.choose(try $0.x(0), try $0.list(1), mode: mode($0))] },
    "compress": { [np.compress(try $0.x(0), try $0.x(1), axis: $0.int("axis"))] },
    "extract": { [np.extract(try $0.x(0), try $0.x(1))] },
    "flatnonzero": { [np.flatnonzero(try $0.x(0))] },
    "isclose": { [np.isclose(try $0.x(0), try $0.x(1), equalNaN: $0.flag("equal_nan"))] },
    "nonzero": { np.nonzero(try $0.x(0)) },
    "ravelMultiIndex": { [np.ravelMultiIndex(try $0.list(0), try $0.ints(1), mode: mode($0))] },
    "select": { [np.select(try $0.list(0), try $0.list(1))] },
    "take": { [np.take(try $0.x(0), try $0.x(1), axis: $0.int("axis"), mode: mode($0))] },
    "takeAlongAxis": { [np.takeAlongAxis(try $0.x(0), try $0.x(1), axis: $0.int("axis") ?? -1)] },
    "unravelIndex": { np.unravelIndex(try $0.x(0), try $0.ints(1)) },
    "where": { call in
      if call.arguments.count == 1 { return np.where(try call.x(0)) }
      return [np.where(try call.x(0), try call.x(1), try call.x(2))]
    },
  ]

  static let products: Table = [
    "cross": { [np.cross(try $0.x(0), try $0.x(1))] },
    "dot": { [np.dot(try $0.x(0), try $0.x(1))] },
    "einsum": { [np.einsum(try $0.text(0), try $0.list(1))] },
    "inner": { [np.inner(try $0.x(0), try $0.x(1))] },
    "kron": { [np.kron(try $0.x(0), try $0.x(1))] },
    "matmul": { [np.matmul(try $0.x(0), try $0.x(1))] },
    "outer": { [np.outer(try $0.x(0), try $0.x(1))] },
    "tensordot": { [np.tensordot(try $0.x(0), try $0.x(1), axes: $0.int("axes") ?? 2)] },
    "tensordotPairs": { [np.tensordot(try $0.x(0), try $0.x(1), axes: (try $0.ints(2), try $0.ints(3)))] },
    "vdot": { [np.vdot(try $0.x(0), try $0.x(1))] },
  ]
}
