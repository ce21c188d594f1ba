#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ScalarFunction {
  /// The function in double precision.
  public func callAsFunction(_ x: Double) -> Double { meaning(kind, x, Double(a), Double(b)) }

  /// The function of whole numbers, where it gives whole numbers; nil for the rest, which are computed in double precision.
  public var ofIntegers: (@Sendable (Int64) -> Int64)? {
    switch kind {
    case .absolute: return { $0 < 0 ? 0 &- $0 : $0 }  // wraps: integers of tensors do
    case .bitwiseNot: return { ~$0 }
    case .ceil, .floor, .identity, .round, .truncate: return { $0 }
    case .isNaN: return { _ in 0 }
    case .negate: return { 0 &- $0 }  // wraps: integers of tensors do
    case .not: return { $0 == 0 ? 1 : 0 }
    case .relu: return { max($0, 0) }
    case .sign: return { $0.signum() }
    case .square: return { $0 &* $0 }  // wraps: integers of tensors do
    case .clip:
      // Whole numbers between the bounds are those between the bounds rounded toward each other.
      let low = Int64(converting: Double(a).rounded(.up))
      let high = Int64(converting: Double(b).rounded(.down))
      return { min(max($0, low), high) }
    default: return nil
    }
  }
}

extension ScalarFunction.Kind {
  /// What the function's parameters are called, in order.
  public var parameters: [String] {
    switch self {
    case .affine: ["scale", "shift"]
    case .celu, .elu, .swish, .thresholdedRelu: ["alpha"]
    case .clip: ["minimum", "maximum"]
    case .hardSigmoid, .scaledTanh: ["alpha", "beta"]
    case .leakyRelu: ["slope"]
    case .power: ["exponent"]
    case .selu: ["alpha", "gamma"]
    case .shrink: ["lambda", "bias"]
    default: []
    }
  }

  /// Whether layers may apply the function to their results: convolutions, matrix products and additions have it as their
  /// `activation`.
  public var isActivation: Bool {
    switch self {
    case .clip, .elu, .gelu, .geluTanh, .hardSigmoid, .hardSwish, .identity, .leakyRelu, .mish, .relu, .sigmoid, .silu, .softplus,
      .tanh:
      true
    default: false
    }
  }

  /// Where the function is defined; NaN outside.
  public var domain: ClosedRange<Double> {
    switch self {
    case .acos, .asin, .atanh, .erfinv: -1...1
    case .acosh: 1...(.infinity)
    case .log, .power, .rsqrt, .sqrt: 0...(.infinity)
    case .log1p: -1...(.infinity)
    default: -(.infinity)...(.infinity)
    }
  }

  /// Whether NaN gives NaN.
  public var propagatesNaN: Bool {
    switch self {
    case .isNaN, .not, .thresholdedRelu: false
    default: true
    }
  }

  /// Whether the result is a truth value.
  public var givesBool: Bool { self == .isNaN || self == .not }

  /// The name in files and messages.
  public var name: String { ScalarFunction.Kind.names[Int(rawValue)] }

  private static let names = allCases.map { "\($0)" }

  init?(name: String) {
    guard let place = ScalarFunction.Kind.names.firstIndex(of: name) else { return nil }
    self = ScalarFunction.Kind.allCases[place]
  }
}

extension ScalarFunction: CustomStringConvertible {
  public var description: String {
    let values = [a, b].prefix(kind.parameters.count)
    return values.isEmpty ? kind.name : "\(kind.name)(\(values.map { "\($0)" }.joined(separator: ", ")))"
  }
}

extension ScalarFunction: Codable {
  /// A name, or a name with its parameters: `"relu"`, `{"name": "elu", "parameters": [1]}`.
  private enum Keys: String, CodingKey { case name, parameters }

  public init(from decoder: any Decoder) throws {
    let (name, parameters): (String, [Float])
    if let keyed = try? decoder.container(keyedBy: Keys.self) {
      (name, parameters) = (try keyed.decode(String.self, forKey: .name), try keyed.decode([Float].self, forKey: .parameters))
    } else {
      (name, parameters) = (try decoder.singleValueContainer().decode(String.self), [])
    }
    guard let kind = Kind(name: name), parameters.count == kind.parameters.count else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\"\(name)\" with \(parameters.count) parameters is no function of one number that is known"))
    }
    self.init(kind, parameters.first ?? 0, parameters.count > 1 ? parameters[1] : 0)
  }

  public func encode(to encoder: any Encoder) throws {
    if kind.parameters.isEmpty {
      var container = encoder.singleValueContainer()
      try container.encode(kind.name)
    } else {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(kind.name, forKey: .name)
      try container.encode(Array([a, b].prefix(kind.parameters.count)), forKey: .parameters)
    }
  }
}

/// Outside of the type, where its constants would hide the C library's functions.
private func meaning(_ kind: ScalarFunction.Kind, _ x: Double, _ a: Double, _ b: Double) -> Double {
  switch kind {
  case .absolute: abs(x)
  case .acos: acos(x)
  case .acosh: acosh(x)
  case .affine: a * x + b
  case .asin: asin(x)
  case .asinh: asinh(x)
  case .atan: atan(x)
  case .atanh: atanh(x)
  case .bitwiseNot: x
  case .ceil: x.rounded(.up)
  case .celu: x < 0 ? a * expm1(x / a) : x
  case .clip: clamp(x, a, b)
  case .cos: cos(x)
  case .cosh: cosh(x)
  case .elu: x < 0 ? a * expm1(x) : x
  case .erf: erf(x)
  case .erfc: erfc(x)
  case .erfinv: inverseErf(x)
  case .exp: exp(x)
  case .expm1: expm1(x)
  case .floor: x.rounded(.down)
  case .gelu: 0.5 * x * (1 + erf(x * 0.5.squareRoot()))
  case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  case .hardSigmoid: gate(a * x + b)
  case .hardSwish: x * gate(x / 6 + 0.5)
  case .identity: x
  case .isNaN: x.isNaN ? 1 : 0
  case .leakyRelu: x < 0 ? a * x : x
  case .log: log(x)
  case .log1p: log1p(x)
  case .mish: x * tanh(softplus(x))
  case .negate: -x
  case .not: x == 0 ? 1 : 0
  case .power: pow(x, a)
  case .reciprocal: 1 / x
  case .relu: x < 0 ? 0 : x
  case .round: x.rounded(.toNearestOrEven)
  case .rsqrt: 1 / x.squareRoot()
  case .scaledTanh: a * tanh(b * x)
  case .selu: b * (x < 0 ? a * expm1(x) : x)
  case .shrink: x < -a ? x + b : x > a ? x - b : x * 0
  case .sigmoid: 1 / (1 + exp(-x))
  case .sign: x > 0 ? 1 : x < 0 ? -1 : x
  case .silu: x / (1 + exp(-x))
  case .sin: sin(x)
  case .sinh: sinh(x)
  case .softplus: softplus(x)
  case .softsign: x / (1 + abs(x))
  case .sqrt: x.squareRoot()
  case .square: x * x
  case .swish: x / (1 + exp(-a * x))
  case .tan: tan(x)
  case .tanh: tanh(x)
  case .thresholdedRelu: x > a ? x : 0
  case .truncate: x.rounded(.towardZero)
  }
}

private func softplus(_ x: Double) -> Double { x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)) }

/// At least `low`, then at most `high`: of bounds the wrong way round the upper one holds, as in ONNX. NaN stays NaN.
private func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double {
  let raised = x < low ? low : x
  return raised > high ? high : raised
}

/// `x` kept within 0 and 1; NaN stays NaN.
private func gate(_ x: Double) -> Double { x < 0 ? 0 : x > 1 ? 1 : x }

/// The number whose erf is `y`, by Newton's method from a rational start; ±∞ at ±1, NaN outside.
private func inverseErf(_ y: Double) -> Double {
  guard abs(y) < 1 else { return abs(y) == 1 ? y * .infinity : .nan }
  let w = log((1 - y) * (1 + y))
  let a = 2 / (Double.pi * 0.147) + w / 2
  var x = (((a * a - w / 0.147).squareRoot() - a).squareRoot()) * (y < 0 ? -1 : 1)
  for _ in 0..<4 { x -= (erf(x) - y) / (2 / Double.pi.squareRoot() * exp(-x * x)) }
  return x
}
