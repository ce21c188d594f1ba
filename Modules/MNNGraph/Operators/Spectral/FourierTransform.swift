#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct Complex: BitwiseCopyable {
  var re = 0.0
  var im = 0.0

  /// `e^(i·angle)`.
  init(angle: Double) { (re, im) = (cos(angle), sin(angle)) }
  init(re: Double = 0, im: Double = 0) { (self.re, self.im) = (re, im) }

  var conjugate: Complex { Complex(re: re, im: -im) }
  static func + (a: Complex, b: Complex) -> Complex { Complex(re: a.re + b.re, im: a.im + b.im) }
  static func - (a: Complex, b: Complex) -> Complex { Complex(re: a.re - b.re, im: a.im - b.im) }
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }
}

/// The discrete Fourier transform of one length, of O(n log n) operations whatever the length, without a factor.
///
/// Powers of two by Cooley and Tukey's halves. Other lengths by Bluestein's convolution, whose length is a power of two:
/// `kn = (k² + n² - (k - n)²) / 2`, so that `y[k] = w[k] Σ (x[n] w[n]) conj(w[k - n])` with `w[n] = exp(∓πi n² / length)`.
final class FourierTransform {
  /// What is transformed, in place.
  let signal: UnsafeMutableBufferPointer<Complex>
  private let length: Int
  /// ``length`` itself, or that of the convolution.
  private let padded: Int
  private let storage: [TensorStorage]
  /// `exp(∓2πi k / padded)` for half a turn.
  private let roots: UnsafeMutableBufferPointer<Complex>
  /// `w`, the transform of the filter, and the padded signal; empty for powers of two.
  private let chirp, filter, work: UnsafeMutableBufferPointer<Complex>

  /// The length of the transforms of powers of two that a transform of `length` comes to.
  static func workingLength(_ length: Int) -> Int {
    guard length > 1 else { return 1 }
    let power = length.nonzeroBitCount == 1 ? length : length.saturatingMultiply(2)
    guard power < 1 << 61 else { return .max }
    return power.nonzeroBitCount == 1 ? power : 1 << (Int.bitWidth - power.leadingZeroBitCount)
  }

  /// - Throws: ``GraphError/Code/outOfMemory``.
  init(length: Int, isInverse: Bool) throws(GraphError) {
    self.length = length
    padded = FourierTransform.workingLength(length)
    var storage: [TensorStorage] = []
    func table(_ count: Int) throws(GraphError) -> UnsafeMutableBufferPointer<Complex> {
      let memory = try TensorStorage.allocate(byteCount: checkedElementCount([count, MemoryLayout<Complex>.stride]))
      storage.append(memory)
      let start = memory.base.bindMemory(to: Complex.self, capacity: max(count, 1))
      start.initialize(repeating: Complex(), count: count)
      return UnsafeMutableBufferPointer(start: start, count: count)
    }
    let needsConvolution = padded != length
    signal = try table(length)
    roots = try table(padded / 2)
    chirp = try table(needsConvolution ? length : 0)
    filter = try table(needsConvolution ? padded : 0)
    work = try table(needsConvolution ? padded : 0)
    self.storage = storage
    let sign = isInverse ? 1.0 : -1.0
    // The convolution's own transforms turn one way, whichever way the whole one does.
    let turn = (needsConvolution ? -1 : sign) * 2 * Double.pi / Double(padded)
    for k in roots.indices { roots[k] = Complex(angle: turn * Double(k)) }
    guard needsConvolution else { return }
    var square = 0  // n² modulo 2·length, so that the angle keeps its precision
    for n in 0..<length {
      chirp[n] = Complex(angle: sign * Double.pi * Double(square) / Double(length))
      filter[n] = chirp[n].conjugate
      if n > 0 { filter[padded - n] = chirp[n].conjugate }
      square = (square + 2 * n + 1) % (2 * length)
    }
    powerOfTwo(filter)
  }

  deinit { withExtendedLifetime(storage) {} }

  /// Transforms ``signal``.
  func run() {
    guard !work.isEmpty else { return powerOfTwo(signal) }
    for n in 0..<length { work[n] = signal[n] * chirp[n] }
    work[length...].update(repeating: Complex())
    powerOfTwo(work)
    // The inverse transform is the conjugate of the transform of the conjugate.
    for k in work.indices { work[k] = (work[k] * filter[k]).conjugate }
    powerOfTwo(work)
    for k in 0..<length {
      let y = work[k].conjugate * chirp[k]
      signal[k] = Complex(re: y.re / Double(padded), im: y.im / Double(padded))
    }
  }

  /// Bit reversal, then butterflies of growing size.
  private func powerOfTwo(_ x: UnsafeMutableBufferPointer<Complex>) {
    let n = x.count
    var j = 0
    for i in 0..<max(n - 1, 0) {
      if i < j { x.swapAt(i, j) }
      var bit = n >> 1
      while j & bit != 0 { (j, bit) = (j ^ bit, bit >> 1) }
      j |= bit
    }
    var half = 1
    while half < n {
      let step = n / (2 * half)
      for start in stride(from: 0, to: n, by: 2 * half) {
        for k in 0..<half {
          let odd = x[start + half + k] * roots[k * step]
          let even = x[start + k]
          x[start + k] = even + odd
          x[start + half + k] = even - odd
        }
      }
      half *= 2
    }
  }
}
