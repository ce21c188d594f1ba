import CKernels
import Testing

/// A kernel for narrow weights that this processor has.
struct NarrowKernel: CustomTestStringConvertible, @unchecked Sendable {
  // Unchecked: a pointer into a constant table.
  let config: UnsafePointer<ck_narrow_config>
  var testDescription: String { String(cString: config.pointee.name) }
  var form: ck_narrow_form { config.pointee.form }

  /// The plain kernel of the same form.
  var oracle: UnsafePointer<ck_narrow_config>? { ck_narrow_select(form, UInt32(CK_ISA_SCALAR)) }

  static let all: [NarrowKernel] = (0..<ck_narrow_kernel_count()).compactMap { index in
    guard let config = ck_narrow_kernel_at(index), config.pointee.isa & ~ck_cpu_isa_mask() == 0 else { return nil }
    return NarrowKernel(config: config)
  }
}

/// Weights `[taps][k][n]` in few bits, or as floats for bfloat16.
struct NarrowWeights {
  var shape: ck_narrow_shape
  var codes: [Int8] = []
  var scales: [Float] = []
  var shifts: [Float] = []
  var floats: [Float] = []

  init(_ form: ck_narrow_form, taps: Int, k: Int, n: Int, block: Int, numbers: inout Numbers) {
    let blocks = max((k + block - 1) / block, 1)
    let isShifted = form != CK_NARROW_8 || Bool.random(using: &numbers)
    shape = ck_narrow_shape(taps: taps, k: k, n: n, block: block, shifted: isShifted ? 1 : 0)
    if form == CK_NARROW_BF16 {
      shape.block = k
      shape.shifted = 0
      floats = numbers.floats(taps * k * n)
      return
    }
    let bits = [CK_NARROW_8: 8, CK_NARROW_4: 4, CK_NARROW_3: 3][form] ?? 2
    let (low, high) = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    codes = (0..<taps * k * n).map { _ in Int8.random(in: Int8(low)...Int8(high), using: &numbers) }
    scales = numbers.floats(n * blocks, in: 0.001...0.02)
    shifts = numbers.floats(n * blocks, in: -0.05...0.05)
  }

  /// Packed, with the last byte before memory that must not be touched.
  func packed(_ config: UnsafePointer<ck_narrow_config>) -> GuardedBuffer<UInt8> {
    var shape = shape
    let byteCount = ck_narrow_packed_bytes(config, &shape)
    let packed = GuardedBuffer(count: byteCount, repeating: UInt8(99), misaligned: (64 - byteCount % 64) % 64)
    if config.pointee.form == CK_NARROW_BF16 {
      ck_narrow_pack_floats(config, &shape, floats, shape.k * shape.n, shape.n, 1, packed.base)
    } else {
      ck_narrow_pack(
        config, &shape, codes, shape.k * shape.n, shape.n, 1, scales, shape.shifted != 0 ? shifts : nil, packed.base)
    }
    return packed
  }

  /// The weight that a packed one stands for.
  func weight(_ tap: Int, _ k: Int, _ n: Int) -> Double {
    let index = (tap * shape.k + k) * shape.n + n
    if codes.isEmpty { return Double(floats[index].asHalf) }
    let blocks = max((shape.k + shape.block - 1) / shape.block, 1)
    let group = n * blocks + k / shape.block
    return Double(codes[index]) * Double(scales[group]) + (shape.shifted != 0 ? Double(shifts[group]) : 0)
  }
}

extension Float {
  /// Rounded to bfloat16, halves to even.
  fileprivate var asHalf: Float { Float(bitPattern: (bitPattern &+ 0x7FFF &+ (bitPattern >> 16 & 1)) & 0xFFFF_0000) }
}

@Suite struct NarrowTests {
  @Test("every tile, every tail and every number of blocks gives the bits of the plain kernel", arguments: NarrowKernel.all)
  func products(kernel: NarrowKernel) throws {
    var numbers = Numbers(seed: 81)
    let (mr, nr) = (Int(kernel.config.pointee.mr), Int(kernel.config.pointee.nr))
    let widths = [1, nr / 2, nr / 2 + 1, nr - 1, nr, nr + 1, 3 * nr - 2]
    for (index, rows) in (Array(1...mr) + [mr + 1, 2 * mr + 3, 61]).enumerated() {
      // Every width with every third height, and with the tallest.
      for columns in index % 3 == 0 || rows == 61 ? widths : [widths[index % widths.count], nr] {
        let k = Int.random(in: 1...100, using: &numbers)
        let block = Bool.random(using: &numbers) ? k : [32, 33, 48, 64].randomElement(using: &numbers) ?? 32
        let args = product(rows: rows, k: k, columns: columns)
        try check(kernel, args, block: block, isPlain: true, numbers: &numbers)
      }
    }
  }

  @Test("windows slide over blocked images, which end in lanes that are not numbers", arguments: NarrowKernel.all)
  func convolutions(kernel: NarrowKernel) throws {
    var numbers = Numbers(seed: 82)
    for _ in 0..<30 {
      func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }
      var args = ck_narrow_args()
      (args.batch, args.kh, args.kw) = (random(1...3), random(1...3), random(1...3))
      (args.stride_h, args.stride_w, args.dilation_h, args.dilation_w) = (
        random(1...2), random(1...3), random(1...2), random(1...2)
      )
      (args.pad_top, args.pad_left) = (random(0...3), random(0...3))
      let (bottom, right) = (random(0...3), random(0...3))
      let (spanH, spanW) = ((args.kh - 1) * args.dilation_h + 1, (args.kw - 1) * args.dilation_w + 1)
      (args.h, args.w) = (random(1...9), random(1...12))
      guard args.h + args.pad_top + bottom >= spanH, args.w + args.pad_left + right >= spanW else { continue }
      args.oh = (args.h + args.pad_top + bottom - spanH) / args.stride_h + 1
      args.ow = (args.w + args.pad_left + right - spanW) / args.stride_w + 1
      args.c = 16
      (args.shape.k, args.shape.n) = (random(1...50), random(1...40))
      let (area, resultArea) = (args.h * args.w, args.oh * args.ow)
      (args.a_row, args.a_block, args.a_batch) = (16, area * 16, (args.shape.k + 15) / 16 * area * 16)
      (args.o_row, args.o_block, args.o_batch) = (16, resultArea * 16, (args.shape.n + 15) / 16 * resultArea * 16)
      let block = Bool.random(using: &numbers) ? args.shape.k : 32
      try check(kernel, args, block: block, isPlain: false, numbers: &numbers)
    }
  }

  @Test("a row that is not finite gives NaN, and no other row does", arguments: NarrowKernel.all, [Float.nan, .infinity])
  func hostileRows(kernel: NarrowKernel, value: Float) throws {
    var numbers = Numbers(seed: 83)
    let (rows, k, n) = (9, 45, 37)
    let weights = NarrowWeights(kernel.form, taps: 1, k: k, n: n, block: k, numbers: &numbers)
    var input = numbers.floats(rows * k)
    input[4 * k + 7] = value
    for i in 0..<k { input[2 * k + i] = 0 }
    let result = run(kernel.config, product(rows: rows, k: k, columns: n), weights, input, resultCount: rows * n, threads: 1)
    for row in 0..<rows {
      for column in 0..<n {
        let y = result[row * n + column]
        // A product with bfloat16 is one of floats: infinity stays infinity.
        #expect(row == 4 ? !y.isFinite : y.isFinite, "row \(row)")
        if row == 2 { #expect(y == 0) }
      }
    }
  }

  @Test("infinitesimal and enormous rows stay what they are")
  func extremeRows() throws {
    var numbers = Numbers(seed: 84)
    for kernel in NarrowKernel.all where kernel.form != CK_NARROW_BF16 {
      for magnitude: Float in [0x1p-146, 1e-38, 1e-30, 1e30, 3.4e38] {
        let (k, n) = (40, 9)
        let weights = NarrowWeights(kernel.form, taps: 1, k: k, n: n, block: k, numbers: &numbers)
        let input = numbers.floats(k, in: -1...1).map { $0 * magnitude }
        let result = run(kernel.config, product(rows: 1, k: k, columns: n), weights, input, resultCount: n, threads: 1)
        #expect(result.allSatisfy { !$0.isNaN }, "\(kernel.testDescription) at \(magnitude)")
      }
    }
  }

  private func product(rows: Int, k: Int, columns: Int) -> ck_narrow_args {
    var args = ck_narrow_args()
    (args.batch, args.h, args.w, args.oh, args.ow, args.kh, args.kw) = (1, 1, rows, 1, rows, 1, 1)
    (args.stride_h, args.stride_w, args.dilation_h, args.dilation_w) = (1, 1, 1, 1)
    (args.shape.k, args.shape.n, args.c) = (k, columns, 16)
    (args.a_row, args.a_block, args.o_row, args.o_block) = (k, 16, columns, 16)
    return args
  }

  private func run(
    _ config: UnsafePointer<ck_narrow_config>, _ draft: ck_narrow_args, _ weights: NarrowWeights, _ input: [Float],
    resultCount: Int, bias: [Float]? = nil, residual: [Float]? = nil, threads: Int32
  ) -> [Float] {
    var args = draft
    args.shape = weights.shape
    let packed = weights.packed(config)
    let x = GuardedBuffer(input)
    let out = GuardedBuffer(count: resultCount, repeating: Float(-77))
    let padded = bias.map { GuardedBuffer($0) }
    if let residual { for (i, value) in residual.enumerated() { out.base[i] = value } }
    let scratchCount = ck_narrow_scratch_bytes(config, &args, threads)
    let scratch = GuardedBuffer(count: scratchCount, repeating: UInt8(0xEE), misaligned: (64 - scratchCount % 64) % 64)
    args.input = UnsafePointer(x.base)
    args.weights = UnsafeRawPointer(packed.base)
    args.out = out.base
    args.epilogue.bias = padded.map { UnsafePointer($0.base) }
    args.epilogue.residual = residual == nil ? nil : UnsafePointer(out.base)
    ck_narrow_product(config, &args, scratch.base, threads)
    #expect(x.isIntact && packed.isIntact && out.isIntact && scratch.isIntact)
    return out.elements
  }

  private func check(
    _ kernel: NarrowKernel, _ draft: ck_narrow_args, block: Int, isPlain: Bool, numbers: inout Numbers
  ) throws {
    var args = draft
    let (k, n, c, taps) = (args.shape.k, args.shape.n, args.c, args.kh * args.kw)
    let weights = NarrowWeights(kernel.form, taps: taps, k: k, n: n, block: block, numbers: &numbers)
    let (pixels, results) = (args.h * args.w, args.oh * args.ow)
    let low = Bool.random(using: &numbers) ? Float(0) : -3
    let plainInput = numbers.floats(args.batch * k * pixels, in: low...2)
    // Plain: [pixel][k]; blocked images from [image][k][pixel].
    let input = isPlain ? plainInput : blocked(plainInput, n: args.batch, channels: k, spatial: pixels, c: c)
    let resultCount = isPlain ? results * n : args.batch * ((n + c - 1) / c) * results * c
    let bias = Bool.random(using: &numbers) ? numbers.floats(n) : nil
    let residual = Bool.random(using: &numbers) ? numbers.floats(resultCount) : nil
    args.epilogue.scale = Bool.random(using: &numbers) ? 0.5 : 0
    args.epilogue.activation = ck_activation(kind: CK_FUNCTION_RELU, p0: 0, p1: 0)
    if Bool.random(using: &numbers) { args.epilogue.flags = UInt32(CK_EPILOGUE_RESIDUAL_LAST) }

    let found = run(kernel.config, args, weights, input, resultCount: resultCount, bias: bias, residual: residual, threads: 1)
    for threads: Int32 in [3] {
      let other = run(
        kernel.config, args, weights, input, resultCount: resultCount, bias: bias, residual: residual, threads: threads)
      #expect(other.map(\.bitPattern) == found.map(\.bitPattern), "\(threads) threads give other bits")
    }
    let oracle = try #require(kernel.oracle)
    var wanted = run(oracle, args, weights, input, resultCount: resultCount, bias: bias, residual: residual, threads: 1)
    var values = found
    if !isPlain {
      wanted = plain(wanted, n: args.batch, channels: n, spatial: results, c: c)
      values = plain(values, n: args.batch, channels: n, spatial: results, c: c)
    }
    if kernel.form == CK_NARROW_BF16 {
      #expect(firstDifference(values, wanted.map { Double($0) }, relative: 1e-4, absolute: 1e-4) == nil)
    } else {
      #expect(values.map(\.bitPattern) == wanted.map(\.bitPattern))
    }
    guard kernel.config == oracle else { return }
    let meaning = meaning(of: args, weights, plainInput, isPlain: isPlain, bias: bias, residual: residual)
    #expect(firstDifference(wanted, meaning, relative: 1e-4, absolute: 2e-3) == nil)
  }

  /// The product by its meaning, in double precision.
  private func meaning(
    of args: ck_narrow_args, _ weights: NarrowWeights, _ input: [Float], isPlain: Bool, bias: [Float]?, residual: [Float]?
  ) -> [Double] {
    let (k, n, pixels, results) = (args.shape.k, args.shape.n, args.h * args.w, args.oh * args.ow)
    func x(_ image: Int, _ pixel: Int, _ channel: Int) -> Float {
      isPlain ? input[pixel * k + channel] : input[(image * k + channel) * pixels + pixel]
    }
    let residuals = residual.map {
      isPlain ? $0 : plain($0, n: args.batch, channels: n, spatial: results, c: args.c)
    }
    var narrowed = [Double](repeating: 0, count: args.batch * pixels * k)
    for image in 0..<args.batch {
      let all = (0..<pixels).map { pixel in (0..<k).map { x(image, pixel, $0) } }
      for pixel in 0..<pixels {
        let range = isPlain ? all[pixel] : all.flatMap { $0 }
        for channel in 0..<k {
          let value = x(image, pixel, channel)
          narrowed[(image * pixels + pixel) * k + channel] =
            weights.codes.isEmpty ? Double(value.asHalf) : quantized(value, min(range.min() ?? 0, 0), max(range.max() ?? 0, 0))
        }
      }
    }
    var y: [Double] = []
    for image in 0..<args.batch {
      var planes = [Double](repeating: 0, count: results * n)
      for result in 0..<results {
        for column in 0..<n {
          var sum = 0.0
          for tap in 0..<args.kh * args.kw {
            let iy = result / args.ow * args.stride_h + tap / args.kw * args.dilation_h - args.pad_top
            let ix = result % args.ow * args.stride_w + tap % args.kw * args.dilation_w - args.pad_left
            guard (0..<args.h).contains(iy), (0..<args.w).contains(ix) else { continue }
            for channel in 0..<k {
              sum += narrowed[(image * pixels + iy * args.w + ix) * k + channel] * weights.weight(tap, channel, column)
            }
          }
          let place = isPlain ? result * n + column : column * results + result
          let extra = residuals.map { Double($0[image * n * results + place]) } ?? 0
          let isLast = args.epilogue.flags != 0
          let value = sum * (args.epilogue.scale == 0 ? 1 : Double(args.epilogue.scale)) + Double(bias?[column] ?? 0)
          planes[place] = isLast ? max(value, 0) + extra : max(value + extra, 0)
        }
      }
      y += planes
    }
    return y
  }

  /// What is left of a number after it was a byte.
  private func quantized(_ x: Float, _ low: Float, _ high: Float) -> Double {
    let scale = high / 255 - low / 255
    guard scale > 0 else { return 0 }
    let zero = min((-low / scale).rounded(.toNearestOrEven), 255)
    let code = min(max((x * (1 / scale)).rounded(.toNearestOrEven) + zero, 0), 255)
    return Double(code - zero) * Double(scale)
  }
}
