import CKernels
import Foundation
import Testing

@Suite struct UnaryTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let kind: ck_function
    var p0: Float = 0
    var p1: Float = 0
    /// Largest relative error; where the result cancels, the largest absolute error.
    var relative = 1e-6
    var absolute = leastSteps
    let meaning: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  /// Two steps between the least floats, where relative errors mean nothing.
  static let leastSteps = 3e-45

  static let cases: [Case] = [
    .init(name: "relu", kind: CK_FUNCTION_RELU, relative: 0) { $0.isNaN ? $0 : Swift.max($0, 0) },
    .init(name: "clamp", kind: CK_FUNCTION_CLIP, p0: -1, p1: 6, relative: 0) { $0.isNaN ? $0 : Swift.min(Swift.max($0, -1), 6) },
    .init(name: "leaky relu", kind: CK_FUNCTION_LEAKY_RELU, p0: 0.1) { $0 < 0 ? Double(Float(0.1)) * $0 : $0 },
    .init(name: "hard sigmoid", kind: CK_FUNCTION_HARD_SIGMOID, p0: 0.2, p1: 0.5, absolute: 1e-7) {
      $0.isNaN ? $0 : Swift.min(Swift.max(0.2 * $0 + 0.5, 0), 1)
    },
    .init(name: "hard swish", kind: CK_FUNCTION_HARD_SWISH, absolute: 3e-7) {
      $0.isNaN ? $0 : $0 == -.infinity ? .nan : $0 * Swift.min(Swift.max($0 / 6 + 0.5, 0), 1)
    },
    .init(name: "sigmoid", kind: CK_FUNCTION_SIGMOID, absolute: 1e-38) { 1 / (1 + exp(-$0)) },
    .init(name: "silu", kind: CK_FUNCTION_SILU, absolute: 1e-36) { $0 / (1 + exp(-$0)) },
    .init(name: "tanh", kind: CK_FUNCTION_TANH, relative: 4e-7) { tanh($0) },
    .init(name: "gelu erf", kind: CK_FUNCTION_GELU, absolute: 5e-7) {
      $0 == -.infinity ? .nan : $0 / 2 * (1 + erf($0 / 2.0.squareRoot()))
    },
    .init(name: "gelu tanh", kind: CK_FUNCTION_GELU_TANH, absolute: 5e-7) {
      $0 == -.infinity ? .nan : $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    },
    .init(name: "elu", kind: CK_FUNCTION_ELU, p0: 1.5) { $0 < 0 ? 1.5 * expm1($0) : $0 },
    .init(name: "softplus", kind: CK_FUNCTION_SOFTPLUS, absolute: 1e-38) {
      Swift.max($0, 0) + log1p(exp(-Swift.abs($0))) + ($0.isNaN ? $0 : 0)
    },
    .init(name: "mish", kind: CK_FUNCTION_MISH, absolute: 1e-36) {
      $0 == -.infinity ? 0 : $0 * tanh(Swift.max($0, 0) + log1p(exp(-Swift.abs($0))))
    },
    .init(name: "abs", kind: CK_FUNCTION_ABSOLUTE, relative: 0) { Swift.abs($0) },
    .init(name: "neg", kind: CK_FUNCTION_NEGATE, relative: 0) { -$0 },
    .init(name: "exp", kind: CK_FUNCTION_EXP, relative: 2.5e-7) { exp($0) },
    .init(name: "expm1", kind: CK_FUNCTION_EXPM1, relative: 4e-7) { expm1($0) },
    .init(name: "log", kind: CK_FUNCTION_LOG, relative: 2.5e-7) { log($0) },
    .init(name: "log1p", kind: CK_FUNCTION_LOG1P, relative: 4e-7) { log1p($0) },
    .init(name: "sqrt", kind: CK_FUNCTION_SQRT, relative: 6e-8) { $0.squareRoot() },
    .init(name: "rsqrt", kind: CK_FUNCTION_RSQRT, relative: 1.5e-7) { 1 / $0.squareRoot() },
    .init(name: "reciprocal", kind: CK_FUNCTION_RECIPROCAL, relative: 6e-8) { 1 / $0 },
    .init(name: "square", kind: CK_FUNCTION_SQUARE, relative: 6e-8) { $0 * $0 },
    .init(name: "erf", kind: CK_FUNCTION_ERF, relative: 4e-7) { erf($0) },
    .init(name: "selu", kind: CK_FUNCTION_SELU, p0: 1.6732632, p1: 1.050701) {
      Double(Float(1.050701)) * ($0 < 0 ? Double(Float(1.6732632)) * expm1($0) : $0)
    },
    .init(name: "floor", kind: CK_FUNCTION_FLOOR, relative: 0) { $0.rounded(.down) },
    .init(name: "ceil", kind: CK_FUNCTION_CEIL, relative: 0) { $0.rounded(.up) },
    .init(name: "round", kind: CK_FUNCTION_ROUND, relative: 0) { $0.rounded(.toNearestOrEven) },
    .init(name: "trunc", kind: CK_FUNCTION_TRUNCATE, relative: 0) { $0.rounded(.towardZero) },
    .init(name: "sign", kind: CK_FUNCTION_SIGN, relative: 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
    .init(name: "sin", kind: CK_FUNCTION_SIN, relative: 1e-6) { $0.isInfinite ? .nan : sin($0) },
    .init(name: "cos", kind: CK_FUNCTION_COS, relative: 1e-6) { $0.isInfinite ? .nan : cos($0) },
    .init(name: "erfinv", kind: CK_FUNCTION_ERFINV, relative: 1e-6, absolute: 1e-20) { inverseErf($0) },
    .init(name: "softsign", kind: CK_FUNCTION_SOFTSIGN) { $0.isInfinite ? .nan : $0 / (1 + Swift.abs($0)) },
    .init(name: "celu", kind: CK_FUNCTION_CELU, p0: 2) { $0 < 0 ? 2 * expm1($0 / 2) : $0 },
    .init(name: "thresholded relu", kind: CK_FUNCTION_THRESHOLDED_RELU, p0: 0.5, relative: 0) { $0 > 0.5 ? $0 : 0 },
    .init(name: "shrink", kind: CK_FUNCTION_SHRINK, p0: 0.5, p1: 0.25) {
      $0.isNaN ? $0 : $0 < -0.5 ? $0 + 0.25 : $0 > 0.5 ? $0 - 0.25 : 0
    },
    .init(name: "scale", kind: CK_FUNCTION_AFFINE, p0: 2, p1: -3, absolute: 3e-7) { 2 * $0 - 3 },
    .init(name: "power", kind: CK_FUNCTION_POWER, p0: 1.5) { pow($0, 1.5) },
  ]

  static func inverseErf(_ x: Double) -> Double {
    guard x > -1, x < 1 else { return x == 1 ? .infinity : x == -1 ? -.infinity : .nan }
    var low = -7.0, high = 7.0
    for _ in 0..<80 { let middle = (low + high) / 2; if erf(middle) < x { low = middle } else { high = middle } }
    return (low + high) / 2
  }

  static let special: [Float] = [
    0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    .leastNormalMagnitude, 88.7, -88, -103.9, 0.9, -0.9, 1e-8, 1e10, -1e10,
  ]

  /// Numbers of every size, densely around 0, and the special ones.
  static let inputs: [Float] = {
    var numbers = Numbers(seed: 6)
    return special + numbers.floats(700, in: -1...1) + numbers.floats(700, in: -10...10) + numbers.floats(300, in: -87...88)
      + (0..<300).map { _ in Float(bitPattern: UInt32.random(in: 0...0xffff_ffff, using: &numbers)) }
  }()

  @Test("agrees with double precision on numbers of every size", arguments: Level.all, cases)
  func accuracy(level: Level, unary: Case) {
    // A float whose exact result lies beyond the range of floats may give infinity or the greatest float.
    let x = Self.inputs.filter {
      !($0.isFinite && Swift.abs(unary.meaning(Double($0))) > 3.3e38 && unary.meaning(Double($0)).isFinite)
    }
    let input = GuardedBuffer(x), y = GuardedBuffer(count: x.count, repeating: Float(0))
    ck_f32_unary(level.isa, unary.kind, unary.p0, unary.p1, x.count, input.base, y.base, 1)
    for (index, value) in x.enumerated() {
      let difference = firstDifference(
        [y.base[index]], [unary.meaning(Double(value))], relative: unary.relative, absolute: unary.absolute)
      #expect(difference == nil, "of \(value)")
    }
  }

  @Test("gives the same at every length, in place, unaligned, and stays inside its buffers", arguments: Level.all)
  func lengths(level: Level) {
    var numbers = Numbers(seed: 7)
    let kinds = [
      CK_FUNCTION_IDENTITY, CK_FUNCTION_RELU, CK_FUNCTION_EXP, CK_FUNCTION_GELU, CK_FUNCTION_SIN, CK_FUNCTION_LOG,
      CK_FUNCTION_AFFINE,
    ]
    for count in level.lengths {
      let values = numbers.floats(count)
      for kind in kinds {
        let x = GuardedBuffer(values), y = GuardedBuffer(count: count, repeating: Float(0)),
          z = GuardedBuffer(values, misaligned: 1)
        ck_f32_unary(level.isa, kind, 2, 1, count, x.base, y.base, 1)
        ck_f32_unary(level.isa, kind, 2, 1, count, z.base, z.base, 1)
        var single = values
        for index in 0..<count {
          ck_f32_unary(level.isa, kind, 2, 1, 1, values.withUnsafeBufferPointer { $0.baseAddress! + index }, &single[index], 1)
        }
        #expect(
          y.elements.map(\.bitPattern) == single.map(\.bitPattern) && z.elements.map(\.bitPattern) == single.map(\.bitPattern))
        #expect(y.isIntact && z.isIntact)
      }
    }
  }

  @Test("gives the same bits for any number of threads", arguments: Level.all)
  func threads(level: Level) {
    let count = 200_003
    let x = GuardedBuffer(count: count, repeating: Float(0))
    for index in 0..<count { x.base[index] = Float(index) * 1e-4 - 10 }
    let one = GuardedBuffer(count: count, repeating: Float(0)), many = GuardedBuffer(count: count, repeating: Float(0))
    for kind in [CK_FUNCTION_RELU, CK_FUNCTION_TANH] {
      ck_f32_unary(level.isa, kind, 0, 0, count, x.base, one.base, 1)
      ck_f32_unary(level.isa, kind, 0, 0, count, x.base, many.base, 4)
      #expect(memcmp(one.base, many.base, count * 4) == 0)
    }
  }
}
