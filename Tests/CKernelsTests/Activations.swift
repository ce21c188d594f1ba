import CKernels
import Foundation

/// The activations of kernel epilogues, by their formulas in double precision.
enum Activations {
  static let kinds: [ck_activation_kind] = [
    CK_ACT_NONE, CK_ACT_RELU, CK_ACT_CLAMP, CK_ACT_LEAKY_RELU, CK_ACT_HARDSIGMOID, CK_ACT_HARDSWISH, CK_ACT_SIGMOID, CK_ACT_SILU,
    CK_ACT_TANH, CK_ACT_GELU_ERF, CK_ACT_GELU_TANH, CK_ACT_ELU, CK_ACT_SOFTPLUS, CK_ACT_MISH,
  ]

  static func random(using numbers: inout Numbers) -> ck_activation {
    ck_activation(kind: kinds.randomElement(using: &numbers) ?? CK_ACT_NONE, p0: 0.25, p1: 1.5)
  }

  static func apply(_ activation: ck_activation, _ x: Double) -> Double {
    let p0 = Double(activation.p0), p1 = Double(activation.p1)
    func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double { x < low ? low : x > high ? high : x }
    switch activation.kind {
    case CK_ACT_RELU: return x < 0 ? 0 : x
    case CK_ACT_CLAMP: return clamp(x, p0, p1)
    case CK_ACT_LEAKY_RELU: return x < 0 ? p0 * x : x
    case CK_ACT_HARDSIGMOID: return clamp(p0 * x + p1, 0, 1)
    case CK_ACT_HARDSWISH: return x * clamp(x / 6 + 0.5, 0, 1)
    case CK_ACT_SIGMOID: return 1 / (1 + exp(-x))
    case CK_ACT_SILU: return x / (1 + exp(-x))
    case CK_ACT_TANH: return tanh(x)
    case CK_ACT_GELU_ERF: return x / 2 * (1 + erf(x / 2.squareRoot()))
    case CK_ACT_GELU_TANH: return x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case CK_ACT_ELU: return x < 0 ? p0 * expm1(x) : x
    case CK_ACT_SOFTPLUS: return max(x, 0) + log1p(exp(-abs(x)))
    case CK_ACT_MISH: return x * tanh(max(x, 0) + log1p(exp(-abs(x))))
    default: return x
    }
  }
}
