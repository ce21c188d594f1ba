import CKernels
import Testing

@Suite struct Depthwise8Tests {
  /// The levels that the family's table tells apart.
  static let levels: [(String, UInt32)] = ["scalar", "avx2", "avx512vnni", "neon"].compactMap { name in
    let isa = ck_cpu_limit_isa(ck_cpu_isa_mask(), name)
    return isa == ck_cpu_limit_isa(.max, name) ? (name, isa) : nil
  }

  @Test("gives exact sums for every window, stride, tail and padding", arguments: levels.map(\.0))
  func definition(level: String) throws {
    let isa = try #require(Self.levels.first { $0.0 == level }?.1)
    var numbers = Numbers(seed: 73)
    for round in 0..<240 {
      func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }
      var args = ck_u8s8_depthwise_args()
      args.batch = random(1...2)
      if round % 2 == 0 {
        (args.kh, args.kw, args.dilation_h, args.dilation_w) = (3, 3, random(1...2), 1)
        (args.stride_h, args.stride_w) = (random(1...2), random(1...2))
      } else {
        (args.kh, args.kw, args.dilation_h, args.dilation_w) = (random(1...7), random(1...7), random(1...2), random(1...3))
        (args.stride_h, args.stride_w) = (random(1...3), random(1...3))
      }
      (args.pad_top, args.pad_left) = (random(0...3), random(0...3))
      let (bottom, right) = (random(0...3), random(0...3))
      let (spanH, spanW) = ((args.kh - 1) * args.dilation_h + 1, (args.kw - 1) * args.dilation_w + 1)
      (args.h, args.w) = (random(1...9), random(1...12))
      guard args.h + args.pad_top + bottom >= spanH, args.w + args.pad_left + right >= spanW else { continue }
      args.oh = (args.h + args.pad_top + bottom - spanH) / args.stride_h + 1
      args.ow = (args.w + args.pad_left + right - spanW) / args.stride_w + 1
      args.channels = round % 5 == 0 ? 32 : 16 * random(1...9)
      args.padding = UInt8(random(0...255))
      try check(isa, args, numbers: &numbers)
    }
  }

  private func check(_ isa: UInt32, _ draft: ck_u8s8_depthwise_args, numbers: inout Numbers) throws {
    var args = draft
    let (channels, taps) = (args.channels, args.kh * args.kw)
    let epilogue = SumEpilogue(columns: channels, result: CK_SUM_U8, numbers: &numbers)
    (args.zero, args.low, args.high) = (epilogue.zero, epilogue.low, epilogue.high)
    let input = GuardedBuffer(
      (0..<args.batch * args.h * args.w * channels).map { _ in UInt8.random(in: 0...255, using: &numbers) })
    let weights = (0..<channels * taps).map { _ in Int8.random(in: -128...127, using: &numbers) }
    let byteCount = ck_u8s8_depthwise_packed_bytes(isa, channels, args.kh, args.kw)
    let packed = GuardedBuffer(count: byteCount, repeating: UInt8(99), misaligned: (64 - byteCount % 64) % 64)
    ck_u8s8_depthwise_pack(
      isa, channels, args.kh, args.kw, weights, epilogue.bias.base, epilogue.scale.base, epilogue.shift.base, packed.base)
    args.input = UnsafePointer(input.base)
    args.weights = UnsafeRawPointer(packed.base)

    var wanted: [UInt8] = []
    for pixel in 0..<args.batch * args.oh * args.ow {
      let (x, y, n) = (pixel % args.ow, pixel / args.ow % args.oh, pixel / args.ow / args.oh)
      for channel in 0..<channels {
        var sum = 0
        for tap in 0..<taps {
          let iy = y * args.stride_h + tap / args.kw * args.dilation_h - args.pad_top
          let ix = x * args.stride_w + tap % args.kw * args.dilation_w - args.pad_left
          let isInside = iy >= 0 && iy < args.h && ix >= 0 && ix < args.w
          let value = isInside ? Int(input.base[((n * args.h + iy) * args.w + ix) * channels + channel]) : Int(args.padding)
          sum += value * Int(weights[channel * taps + tap])
        }
        wanted += epilogue.bytes(sum, column: channel)
      }
    }
    for threads: Int32 in [1, 3] {
      let out = GuardedBuffer(count: wanted.count, repeating: UInt8(7))
      let byteCount = ck_u8s8_depthwise_scratch_bytes(&args, threads)
      let scratch = GuardedBuffer(count: byteCount, repeating: UInt8(0), misaligned: (64 - byteCount % 64) % 64)
      args.out = out.base
      ck_u8s8_depthwise(isa, &args, scratch.base, threads)
      try #require(out.elements == wanted, "\(args), \(threads) threads")
      #expect(out.isIntact && input.isIntact && packed.isIntact && scratch.isIntact)
    }
  }
}
