import MNNGraph
import MNNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A type that loops compute in.
protocol Lane: TensorScalar, Comparable {
  static var zero: Self { get }
  static var one: Self { get }
  var isNaNLane: Bool { get }
}

protocol IntegerLane: Lane, FixedWidthInteger {}

extension IntegerLane {
  static var one: Self { 1 }
  var isNaNLane: Bool { false }
}

extension Int32: IntegerLane {}
extension Int64: IntegerLane {}
extension UInt64: IntegerLane {}

/// A floating-point type with the functions of the C library.
protocol FloatLane: Lane, BinaryFloatingPoint {
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  static func tan(_ x: Self) -> Self
  static func asin(_ x: Self) -> Self
  static func acos(_ x: Self) -> Self
  static func atan(_ x: Self) -> Self
  static func sinh(_ x: Self) -> Self
  static func cosh(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func asinh(_ x: Self) -> Self
  static func acosh(_ x: Self) -> Self
  static func atanh(_ x: Self) -> Self
  static func exp(_ x: Self) -> Self
  static func exp2(_ x: Self) -> Self
  static func expm1(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func log2(_ x: Self) -> Self
  static func log10(_ x: Self) -> Self
  static func log1p(_ x: Self) -> Self
  static func cbrt(_ x: Self) -> Self
  static func pow(_ x: Self, _ y: Self) -> Self
  static func atan2(_ x: Self, _ y: Self) -> Self
  static func hypot(_ x: Self, _ y: Self) -> Self
  static func fmod(_ x: Self, _ y: Self) -> Self
  static func nextafter(_ x: Self, _ y: Self) -> Self
  static func ldexp(_ x: Self, _ n: Int32) -> Self
}

extension FloatLane {
  static var one: Self { 1 }
  @inline(__always) var isNaNLane: Bool { isNaN }
}

extension Float: FloatLane {
  static func sin(_ x: Float) -> Float { sinf(x) }
  static func cos(_ x: Float) -> Float { cosf(x) }
  static func tan(_ x: Float) -> Float { tanf(x) }
  static func asin(_ x: Float) -> Float { asinf(x) }
  static func acos(_ x: Float) -> Float { acosf(x) }
  static func atan(_ x: Float) -> Float { atanf(x) }
  static func sinh(_ x: Float) -> Float { sinhf(x) }
  static func cosh(_ x: Float) -> Float { coshf(x) }
  static func tanh(_ x: Float) -> Float { tanhf(x) }
  static func asinh(_ x: Float) -> Float { asinhf(x) }
  static func acosh(_ x: Float) -> Float { acoshf(x) }
  static func atanh(_ x: Float) -> Float { atanhf(x) }
  static func exp(_ x: Float) -> Float { expf(x) }
  static func exp2(_ x: Float) -> Float { exp2f(x) }
  static func expm1(_ x: Float) -> Float { expm1f(x) }
  static func log(_ x: Float) -> Float { logf(x) }
  static func log2(_ x: Float) -> Float { log2f(x) }
  static func log10(_ x: Float) -> Float { log10f(x) }
  static func log1p(_ x: Float) -> Float { log1pf(x) }
  static func cbrt(_ x: Float) -> Float { cbrtf(x) }
  static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  static func atan2(_ x: Float, _ y: Float) -> Float { atan2f(x, y) }
  static func hypot(_ x: Float, _ y: Float) -> Float { hypotf(x, y) }
  static func fmod(_ x: Float, _ y: Float) -> Float { fmodf(x, y) }
  static func nextafter(_ x: Float, _ y: Float) -> Float { nextafterf(x, y) }
  static func ldexp(_ x: Float, _ n: Int32) -> Float { ldexpf(x, n) }
}

extension Double: FloatLane {
  static func sin(_ x: Double) -> Double { cSin(x) }
  static func cos(_ x: Double) -> Double { cCos(x) }
  static func tan(_ x: Double) -> Double { cTan(x) }
  static func asin(_ x: Double) -> Double { cAsin(x) }
  static func acos(_ x: Double) -> Double { cAcos(x) }
  static func atan(_ x: Double) -> Double { cAtan(x) }
  static func sinh(_ x: Double) -> Double { cSinh(x) }
  static func cosh(_ x: Double) -> Double { cCosh(x) }
  static func tanh(_ x: Double) -> Double { cTanh(x) }
  static func asinh(_ x: Double) -> Double { cAsinh(x) }
  static func acosh(_ x: Double) -> Double { cAcosh(x) }
  static func atanh(_ x: Double) -> Double { cAtanh(x) }
  static func exp(_ x: Double) -> Double { cExp(x) }
  static func exp2(_ x: Double) -> Double { cExp2(x) }
  static func expm1(_ x: Double) -> Double { cExpm1(x) }
  static func log(_ x: Double) -> Double { cLog(x) }
  static func log2(_ x: Double) -> Double { cLog2(x) }
  static func log10(_ x: Double) -> Double { cLog10(x) }
  static func log1p(_ x: Double) -> Double { cLog1p(x) }
  static func cbrt(_ x: Double) -> Double { cCbrt(x) }
  static func pow(_ x: Double, _ y: Double) -> Double { cPow(x, y) }
  static func atan2(_ x: Double, _ y: Double) -> Double { cAtan2(x, y) }
  static func hypot(_ x: Double, _ y: Double) -> Double { cHypot(x, y) }
  static func fmod(_ x: Double, _ y: Double) -> Double { cFmod(x, y) }
  static func nextafter(_ x: Double, _ y: Double) -> Double { cNextafter(x, y) }
  static func ldexp(_ x: Double, _ n: Int32) -> Double { cLdexp(x, n) }
}

// Outside of the extension the names are the C library's.
private func cSin(_ x: Double) -> Double { sin(x) }
private func cCos(_ x: Double) -> Double { cos(x) }
private func cTan(_ x: Double) -> Double { tan(x) }
private func cAsin(_ x: Double) -> Double { asin(x) }
private func cAcos(_ x: Double) -> Double { acos(x) }
private func cAtan(_ x: Double) -> Double { atan(x) }
private func cSinh(_ x: Double) -> Double { sinh(x) }
private func cCosh(_ x: Double) -> Double { cosh(x) }
private func cTanh(_ x: Double) -> Double { tanh(x) }
private func cAsinh(_ x: Double) -> Double { asinh(x) }
private func cAcosh(_ x: Double) -> Double { acosh(x) }
private func cAtanh(_ x: Double) -> Double { atanh(x) }
private func cExp(_ x: Double) -> Double { exp(x) }
private func cExp2(_ x: Double) -> Double { exp2(x) }
private func cExpm1(_ x: Double) -> Double { expm1(x) }
private func cLog(_ x: Double) -> Double { log(x) }
private func cLog2(_ x: Double) -> Double { log2(x) }
private func cLog10(_ x: Double) -> Double { log10(x) }
private func cLog1p(_ x: Double) -> Double { log1p(x) }
private func cCbrt(_ x: Double) -> Double { cbrt(x) }
private func cPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func cAtan2(_ x: Double, _ y: Double) -> Double { atan2(x, y) }
private func cHypot(_ x: Double, _ y: Double) -> Double { hypot(x, y) }
private func cFmod(_ x: Double, _ y: Double) -> Double { fmod(x, y) }
private func cNextafter(_ x: Double, _ y: Double) -> Double { nextafter(x, y) }
private func cLdexp(_ x: Double, _ n: Int32) -> Double { ldexp(x, n) }
