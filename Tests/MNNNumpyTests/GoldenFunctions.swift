import MNNNumpy

/// The table of functions, by the names that the golden files use.
enum GoldenFunctions {
  typealias Table = [String: GoldenTests.Function]

  static let all: Table = [
    unary, tests, binary, reductions, others, creation, shapes, joining, indexing, ordering, searching, products, linalg,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  private static func one(_ f: @escaping @Sendable (Variable) -> Variable) -> GoldenTests.Function {
    { [f(try $0.x(0))] }
  }

  private static func two(_ f: @escaping @Sendable (Variable, Variable) -> Variable) -> GoldenTests.Function {
    { [f(try $0.x(0), try $0.x(1))] }
  }

  static let unary: Table = [
    "abs": one { np.abs($0) }, "absolute": one { np.absolute($0) }, "arccos": one { np.arccos($0) },
    "arccosh": one { np.arccosh($0) }, "arcsin": one { np.arcsin($0) }, "arcsinh": one { np.arcsinh($0) },
    "arctan": one { np.arctan($0) }, "arctanh": one { np.arctanh($0) }, "cbrt": one { np.cbrt($0) },
    "ceil": one { np.ceil($0) }, "cos": one { np.cos($0) }, "cosh": one { np.cosh($0) }, "deg2rad": one { np.deg2rad($0) },
    "degrees": one { np.degrees($0) }, "exp": one { np.exp($0) }, "exp2": one { np.exp2($0) }, "expm1": one { np.expm1($0) },
    "fabs": one { np.fabs($0) }, "fix": one { np.fix($0) }, "floor": one { np.floor($0) }, "invert": one { np.invert($0) },
    "log": one { np.log($0) }, "log10": one { np.log10($0) }, "log1p": one { np.log1p($0) }, "log2": one { np.log2($0) },
    "negative": one { np.negative($0) }, "positive": one { np.positive($0) }, "rad2deg": one { np.rad2deg($0) },
    "radians": one { np.radians($0) }, "reciprocal": one { np.reciprocal($0) }, "rint": one { np.rint($0) },
    "sign": one { np.sign($0) }, "sin": one { np.sin($0) }, "sinc": one { np.sinc($0) }, "sinh": one { np.sinh($0) },
    "sqrt": one { np.sqrt($0) }, "square": one { np.square($0) }, "tan": one { np.tan($0) }, "tanh": one { np.tanh($0) },
    "trunc": one { np.trunc($0) },
  ]

  static let tests: Table = [
    "isfinite": one { np.isfinite($0) }, "isinf": one { np.isinf($0) }, "isnan": one { np.isnan($0) },
    "logicalNot": one { np.logicalNot($0) }, "signbit": one { np.signbit($0) },
  ]

  static let binary: Table = [
    "add": two { np.add($0, $1) }, "arctan2": two { np.arctan2($0, $1) }, "bitwiseAnd": two { np.bitwiseAnd($0, $1) },
    "bitwiseOr": two { np.bitwiseOr($0, $1) }, "bitwiseXor": two { np.bitwiseXor($0, $1) },
    "copysign": two { np.copysign($0, $1) }, "divide": two { np.divide($0, $1) }, "equal": two { np.equal($0, $1) },
    "floatPower": two { np.floatPower($0, $1) }, "floorDivide": two { np.floorDivide($0, $1) },
    "fmax": two { np.fmax($0, $1) }, "fmin": two { np.fmin($0, $1) }, "fmod": two { np.fmod($0, $1) },
    "gcd": two { np.gcd($0, $1) }, "greater": two { np.greater($0, $1) }, "greaterEqual": two { np.greaterEqual($0, $1) },
    "heaviside": two { np.heaviside($0, $1) }, "hypot": two { np.hypot($0, $1) }, "lcm": two { np.lcm($0, $1) },
    "ldexp": two { np.ldexp($0, $1) }, "leftShift": two { np.leftShift($0, $1) }, "less": two { np.less($0, $1) },
    "lessEqual": two { np.lessEqual($0, $1) }, "logaddexp": two { np.logaddexp($0, $1) },
    "logaddexp2": two { np.logaddexp2($0, $1) }, "logicalAnd": two { np.logicalAnd($0, $1) },
    "logicalOr": two { np.logicalOr($0, $1) }, "logicalXor": two { np.logicalXor($0, $1) },
    "maximum": two { np.maximum($0, $1) }, "minimum": two { np.minimum($0, $1) }, "mod": two { np.mod($0, $1) },
    "multiply": two { np.multiply($0, $1) }, "nextafter": two { np.nextafter($0, $1) },
    "notEqual": two { np.notEqual($0, $1) }, "power": two { np.power($0, $1) }, "remainder": two { np.remainder($0, $1) },
    "rightShift": two { np.rightShift($0, $1) }, "subtract": two { np.subtract($0, $1) },
    "trueDivide": two { np.trueDivide($0, $1) },
  ]

  static let reductions: Table = [
    "all": { [np.all(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "amax": { [np.amax(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "amin": { [np.amin(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "any": { [np.any(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "argmax": { [np.argmax(try $0.x(0), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "argmin": { [np.argmin(try $0.x(0), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "average": { call in
      let weights = try call.keywords["weights"].map { try call.variable($0) }
      return [np.average(try call.x(0), axis: call.int("axis"), weights: weights, keepdims: call.keepdims)]
    },
    "countNonzero": { [np.countNonzero(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "cumprod": { [np.cumprod(try $0.x(0), axis: $0.int("axis"), dtype: $0.dtype("dtype"))] },
    "cumsum": { [np.cumsum(try $0.x(0), axis: $0.int("axis"), dtype: $0.dtype("dtype"))] },
    "diff": { [np.diff(try $0.x(0), n: $0.int("n") ?? 1, axis: $0.int("axis") ?? -1)] },
    "max": { [np.max(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "mean": { [np.mean(try $0.x(0), axis: try $0.axes("axis"), dtype: $0.dtype("dtype"), keepdims: $0.keepdims)] },
    "median": { [np.median(try $0.x(0), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "min": { [np.min(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nanargmax": { [np.nanargmax(try $0.x(0), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "nanargmin": { [np.nanargmin(try $0.x(0), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "nancumprod": { [np.nancumprod(try $0.x(0), axis: $0.int("axis"))] },
    "nancumsum": { [np.nancumsum(try $0.x(0), axis: $0.int("axis"))] },
    "nanmax": { [np.nanmax(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nanmean": { [np.nanmean(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nanmedian": { [np.nanmedian(try $0.x(0), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "nanmin": { [np.nanmin(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nanprod": { [np.nanprod(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nanquantile": { [np.nanquantile(try $0.x(0), try $0.double(1), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "nanstd": { [np.nanstd(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nansum": { [np.nansum(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "nanvar": { [np.nanvar(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "percentile": { [np.percentile(try $0.x(0), try $0.double(1), axis: $0.int("axis"), keepdims: $0.keepdims)] },
    "prod": { [np.prod(try $0.x(0), axis: try $0.axes("axis"), dtype: $0.dtype("dtype"), keepdims: $0.keepdims)] },
    "ptp": { [np.ptp(try $0.x(0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "quantile": { call in
      let method = QuantileMethod(rawValue: call.text("method") ?? "linear") ?? .linear
      return [np.quantile(try call.x(0), try call.double(1), axis: call.int("axis"), method: method, keepdims: call.keepdims)]
    },
    "std": {
      [np.std(try $0.x(0), axis: try $0.axes("axis"), ddof: $0.double("ddof") ?? 0, keepdims: $0.keepdims)]
    },
    "sum": { [np.sum(try $0.x(0), axis: try $0.axes("axis"), dtype: $0.dtype("dtype"), keepdims: $0.keepdims)] },
    "var": {
      [np.var(try $0.x(0), axis: try $0.axes("axis"), ddof: $0.double("ddof") ?? 0, keepdims: $0.keepdims)]
    },
  ]

  static let others: Table = [
    "around": one { np.around($0) },
    "clip": { [np.clip(try $0.x(0), try $0.optionalX(1), try $0.optionalX(2))] },
    "divmod": { call in
      let (q, r) = np.divmod(try call.x(0), try call.x(1))
      return [q, r]
    },
    "frexp": { call in
      let (m, e) = np.frexp(try call.x(0))
      return [m, e]
    },
    "modf": { call in
      let (fraction, whole) = np.modf(try call.x(0))
      return [fraction, whole]
    },
    "nanToNum": {
      [np.nanToNum(try $0.x(0), nan: $0.double("nan") ?? 0, posinf: $0.double("posinf"), neginf: $0.double("neginf"))]
    },
    "round": { [np.round(try $0.x(0), decimals: $0.int("decimals") ?? 0)] },
  ]
}
