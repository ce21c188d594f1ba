import CKernels
import Testing

/// A product kernel of bytes that this processor has.
struct ByteKernel: CustomTestStringConvertible, @unchecked Sendable {
  // Unchecked: a pointer into a constant table.
  let config: UnsafePointer<ck_u8s8_gemm_config>
  var testDescription: String { String(cString: config.pointee.name) }

  static let all: [ByteKernel] = (0..<ck_u8s8_gemm_kernel_count()).compactMap { index in
    guard let config = ck_u8s8_gemm_kernel_at(index), config.pointee.isa & ~ck_cpu_isa_mask() == 0 else { return nil }
    return ByteKernel(config: config)
  }
}

/// What the epilogue of a product is given, and what it gives.
struct SumEpilogue {
  let bias: GuardedBuffer<Int32>
  let scale: GuardedBuffer<Float>
  let shift: GuardedBuffer<Float>
  let result: ck_sum_result
  let zero: Int32
  let low: Int32
  let high: Int32

  init(columns: Int, result: ck_sum_result, numbers: inout Numbers) {
    let padding = Int(CK_SUM_PADDING)
    let padded = (columns + padding - 1) / padding * padding
    bias = GuardedBuffer((0..<padded).map { _ in Int32.random(in: -3000...3000, using: &numbers) })
    scale = GuardedBuffer(numbers.floats(padded, in: 0.0005...0.02))
    shift = GuardedBuffer(numbers.floats(padded, in: -3...3))
    self.result = result
    let clamps = Bool.random(using: &numbers)
    zero = clamps ? Int32.random(in: 0...255, using: &numbers) : 0
    low = clamps ? Int32.random(in: 0...100, using: &numbers) : 0
    high = clamps ? Int32.random(in: 120...255, using: &numbers) : 255
  }

  var c: ck_sum_epilogue {
    ck_sum_epilogue(
      result: result, bias: bias.base, scale: scale.base, shift: shift.base, zero: zero, low: low, high: high, least: -20,
      most: 25)
  }

  /// The bytes of one result; `sum` is without the bias.
  func bytes(_ sum: Int, column: Int) -> [UInt8] {
    let sum = sum + Int(bias.base[column])
    let value = shift.base[column].addingProduct(Float(sum), scale.base[column])
    switch result {
    case CK_SUM_U8: return [UInt8(min(max(Int(value.rounded(.toNearestOrEven)) + Int(zero), Int(low)), Int(high)))]
    case CK_SUM_F32: return withUnsafeBytes(of: min(max(value, -20), 25)) { Array($0) }
    default: return withUnsafeBytes(of: Int32(sum)) { Array($0) }
    }
  }

  var isIntact: Bool { bias.isIntact && scale.isIntact && shift.isIntact }
}

@Suite struct Gemm8Tests {
  static let results = [CK_SUM_U8, CK_SUM_F32, CK_SUM_S32]

  @Test("gives exact sums for every tile and every kind of result", arguments: ByteKernel.all)
  func products(kernel: ByteKernel) throws {
    var numbers = Numbers(seed: 71)
    let config = kernel.config
    let (mr, nr) = (Int(config.pointee.mr), Int(config.pointee.nr))
    for rows in Array(1...mr) + [mr + 1, 2 * mr + 3, 61] {
      for columns in [1, nr / 2, nr / 2 + 1, nr - 1, nr, nr + 1, 3 * nr - 2] where columns > 0 {
        let k = Int.random(in: 1...70, using: &numbers)
        var args = ck_u8s8_conv2d_args()
        (args.batch, args.h, args.w, args.oh, args.ow, args.kh, args.kw) = (1, 1, rows, 1, rows, 1, 1)
        (args.stride_h, args.stride_w, args.dilation_h, args.dilation_w) = (1, 1, 1, 1)
        args.channels = k
        args.pixel = k + Int.random(in: 0...5, using: &numbers)
        try check(config, args, columns: columns, numbers: &numbers)
      }
    }
  }

  @Test("slides windows over images, outside of which there is the zero point", arguments: ByteKernel.all)
  func convolutions(kernel: ByteKernel) throws {
    var numbers = Numbers(seed: 72)
    for _ in 0..<150 {
      func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }
      var args = ck_u8s8_conv2d_args()
      (args.batch, args.kh, args.kw) = (random(1...3), random(1...4), random(1...4))
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
      args.channels = random(1...40)
      let padded = args.channels <= 4 ? 4 : (args.channels + 15) / 16 * 16
      args.pixel = Bool.random(using: &numbers) ? padded : args.channels
      args.padding = UInt8(random(0...255))
      try check(kernel.config, args, columns: random(1...40), numbers: &numbers)
    }
  }

  private func check(
    _ config: UnsafePointer<ck_u8s8_gemm_config>, _ draft: ck_u8s8_conv2d_args, columns: Int, numbers: inout Numbers
  ) throws {
    var args = draft
    let result = Self.results.randomElement(using: &numbers) ?? CK_SUM_U8
    let width = ck_sum_result_bytes(result)
    args.columns = columns
    args.o_pixel = (columns + Int.random(in: 0...3, using: &numbers)) * width
    let taps = args.kh * args.kw
    let pixels = args.batch * args.h * args.w
    // The last pixel ends with its channels, unless all are read in fours.
    let inputCount = (pixels - 1) * args.pixel + (args.pixel >= (args.channels + 3) / 4 * 4 ? args.pixel : args.channels)
    let input = GuardedBuffer((0..<inputCount).map { _ in UInt8.random(in: 0...255, using: &numbers) })
    let weights = (0..<taps * args.channels * columns).map { _ in Int8.random(in: -128...127, using: &numbers) }
    let byteCount = ck_u8s8_gemm_packed_bytes(config, taps, args.channels, columns)
    let packed = GuardedBuffer(count: byteCount, repeating: Int8(99), misaligned: (64 - byteCount % 64) % 64)
    ck_u8s8_gemm_pack(
      config, taps, args.channels, columns, weights, args.channels * columns, columns, 1, packed.base)
    let epilogue = SumEpilogue(columns: columns, result: result, numbers: &numbers)
    args.epilogue = epilogue.c
    args.input = UnsafePointer(input.base)
    args.weights = UnsafePointer(packed.base)

    var wanted: [UInt8] = []
    let outputs = args.batch * args.oh * args.ow
    for pixel in 0..<outputs {
      let (x, y, n) = (pixel % args.ow, pixel / args.ow % args.oh, pixel / args.ow / args.oh)
      for column in 0..<columns {
        var sum = 0
        for tap in 0..<taps {
          let iy = y * args.stride_h + tap / args.kw * args.dilation_h - args.pad_top
          let ix = x * args.stride_w + tap % args.kw * args.dilation_w - args.pad_left
          let isInside = iy >= 0 && iy < args.h && ix >= 0 && ix < args.w
          for k in 0..<args.channels {
            let value = isInside ? Int(input.base[((n * args.h + iy) * args.w + ix) * args.pixel + k]) : Int(args.padding)
            sum += value * Int(weights[(tap * args.channels + k) * columns + column])
          }
        }
        wanted += epilogue.bytes(sum, column: column)
      }
      wanted += [UInt8](repeating: 7, count: args.o_pixel - columns * width)
    }
    wanted.removeLast(args.o_pixel - columns * width)

    for threads: Int32 in [1, 2, 5] {
      let out = GuardedBuffer(count: (outputs - 1) * args.o_pixel + columns * width, repeating: UInt8(7))
      let scratch = GuardedBuffer(count: ck_u8s8_conv2d_scratch_bytes(config, &args, threads), repeating: UInt8(0))
      args.out = UnsafeMutableRawPointer(out.base)
      ck_u8s8_conv2d(config, &args, scratch.base, threads)
      try #require(out.elements == wanted, "\(args), \(threads) threads")
      #expect(out.isIntact && input.isIntact && packed.isIntact && scratch.isIntact && epilogue.isIntact)
    }
  }

  @Test("chooses the best kernel that a level allows")
  func selection() {
    for (level, name) in [
      ("scalar", "scalar"), ("avx2", "avx2"), ("avxvnni", "avxvnni"), ("avx512", "avx2"), ("avx512vnni", "avx512vnni"),
    ] {
      let isa = ck_cpu_limit_isa(ck_cpu_isa_mask(), level)
      guard isa == ck_cpu_limit_isa(.max, level), let config = ck_u8s8_gemm_select(isa) else { continue }
      #expect(String(cString: config.pointee.name).hasSuffix("__" + name))
    }
  }
}
