import CKernels
import Foundation

/// The activations of kernel epilogues, by their formulas in double precision.
enum Activations {
  static let kinds = (0..<CK_FUNCTION_COUNT.rawValue).map { ck_function(rawValue: $0) }.filter { ck_function_is_fusable($0) != 0 }

  static func random(using numbers: inout Numbers) -> ck_activation {
    ck_activation(kind: kinds.randomElement(using: &numbers) ?? CK_FUNCTION_IDENTITY, p0: 0.25, p1: 1.5)
  }

  static func apply(_ activation: ck_activation, _ x: Double) -> Double {
    let p0 = Double(activation.p0), p1 = Double(activation.p1)
    func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double { x < low ? low : x > high ? high : x }
    switch activation.kind {
    case CK_FUNCTION_RELU: return x < 0 ? 0 : x
    case CK_FUNCTION_CLIP: return clamp(x, p0, p1)
    case CK_FUNCTION_LEAKY_RELU: return x < 0 ? p0 * x : x
    case CK_FUNCTION_HARD_SIGMOID: return clamp(p0 * x + p1, 0, 1)
    case CK_FUNCTION_HARD_SWISH: return x * clamp(x / 6 + 0.5, 0, 1)
    case CK_FUNCTION_SIGMOID: return 1 / (1 + exp(-x))
    case CK_FUNCTION_SILU: return x / (1 + exp(-x))
    case CK_FUNCTION_TANH: return tanh(x)
    case CK_FUNCTION_GELU: return x / 2 * (1 + erf(x / 2.squareRoot()))
    case CK_FUNCTION_GELU_TANH: return x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case CK_FUNCTION_ELU: return x < 0 ? p0 * expm1(x) : x
    case CK_FUNCTION_SOFTPLUS: return max(x, 0) + log1p(exp(-abs(x)))
    case CK_FUNCTION_MISH: return x * tanh(max(x, 0) + log1p(exp(-abs(x))))
    default: return x
    }
  }
}
