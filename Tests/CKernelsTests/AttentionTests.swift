import CKernels
import Foundation
import Testing

@Suite struct AttentionTests {
  struct Sizes: CustomTestStringConvertible {
    var heads: Int
    var m: Int
    var n: Int
    var d: Int
    var dv: Int
    var testDescription: String { "\(heads) heads, \(m) queries, \(n) keys of \(d), values of \(dv)" }
  }

  static let sizes = [
    Sizes(heads: 1, m: 1, n: 1, d: 1, dv: 1), Sizes(heads: 5, m: 19, n: 33, d: 32, dv: 32),
    Sizes(heads: 2, m: 3, n: 70, d: 64, dv: 64), Sizes(heads: 3, m: 31, n: 7, d: 17, dv: 5),
    Sizes(heads: 1, m: 2, n: 256, d: 8, dv: 40),
  ]

  @Test("attends over packed heads, with and without a mask, the same for any number of threads", arguments: Level.all, sizes)
  func attention(level: Level, sizes: Sizes) throws {
    var numbers = Numbers(seed: 50)
    let (heads, m, n, d, dv) = (sizes.heads, sizes.m, sizes.n, sizes.d, sizes.dv)
    let config = try #require(ck_gemm_select(CK_TYPE_F32, level.isa))
    // Rows hold all heads, as a projection writes them; the last row ends at the guard page.
    let q = GuardedBuffer(numbers.floats(m * heads * d)), k = GuardedBuffer(numbers.floats(n * heads * d)),
      v = GuardedBuffer(numbers.floats(n * heads * dv), misaligned: 1)
    for maskRows in [0, 1, m] {
      let mask = GuardedBuffer(numbers.floats(max(maskRows, 1) * n))
      if maskRows > 0, n > 2 { for row in 0..<maskRows { mask.base[row * n + 1] = -.infinity } }
      var args = ck_f32_attention_args()
      (args.m, args.n, args.d, args.dv) = (m, n, d, dv)
      args.batch = (1, 1, 1, heads)
      args.q = ck_f32_attention_view(data: q.base, row: heads * d, column: 1, batch: (0, 0, 0, d))
      args.k = ck_f32_attention_view(data: k.base, row: heads * d, column: 1, batch: (0, 0, 0, d))
      args.v = ck_f32_attention_view(data: v.base, row: heads * dv, column: 1, batch: (0, 0, 0, dv))
      if maskRows > 0 {
        args.mask = ck_f32_attention_view(data: mask.base, row: maskRows > 1 ? n : 0, column: 1, batch: (0, 0, 0, 0))
      }
      (args.o_row, args.o_batch) = (heads * dv, (0, 0, 0, dv))
      args.scale = 0.25
      var wanted = [Double](repeating: 0, count: m * heads * dv)
      for head in 0..<heads {
        for i in 0..<m {
          let scores = (0..<n).map { j in
            let product = (0..<d).reduce(0.0) { sum, x in
              sum + Double(q.base[(i * heads + head) * d + x]) * Double(k.base[(j * heads + head) * d + x])
            }
            return product * 0.25 + (maskRows == 0 ? 0 : Double(mask.base[(maskRows > 1 ? i : 0) * n + j]))
          }
          let top = scores.max() ?? 0, sum = scores.reduce(0) { $0 + exp($1 - top) }
          for x in 0..<dv {
            wanted[(i * heads + head) * dv + x] = (0..<n).reduce(0) {
              $0 + exp(scores[$1] - top) / sum * Double(v.base[($1 * heads + head) * dv + x])
            }
          }
        }
      }
      var first: [UInt32] = []
      for threads: Int32 in 1...3 {
        let out = GuardedBuffer(count: m * heads * dv, repeating: Float.nan)
        args.out = out.base
        let bytes = ck_f32_attention_scratch_bytes(config, &args, threads)
        let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        defer { scratch.deallocate() }
        ck_f32_attention(config, &args, scratch, threads)
        let difference = firstDifference(out.elements, wanted, relative: 1e-5, absolute: 1e-5)
        #expect(difference == nil && out.isIntact, "mask of \(maskRows) rows: \(difference ?? "")")
        let bits = out.elements.map(\.bitPattern)
        if threads == 1 { first = bits }
        #expect(bits == first, "\(threads) threads change the bits")
      }
    }
  }
}
