import CKernels
import Foundation
import Testing

@Suite struct RecurrentTests {
  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The layer in double precision: out, then the last cell states of an LSTM.
  private static func meaning(
    _ cell: ck_cell, _ reverse: Bool, _ sizes: [Int], inputs: [Float], weights: [[Float]], bias: [Float], h0: [Float], c0: [Float]
  ) -> (out: [Double], c: [Double]) {
    let (steps, directions, batch, n, gates) = (sizes[0], sizes[1], sizes[2], sizes[3], ck_cell_gates(cell))
    var out = [Double](repeating: 0, count: steps * directions * batch * n)
    var last = c0.map(Double.init)
    for d in 0..<directions {
      for b in 0..<batch {
        var h = (0..<n).map { Double(h0[(d * batch + b) * n + $0]) }
        for step in 0..<steps {
          let t = reverse || d == 1 ? steps - 1 - step : step
          let x = (0..<gates * n).map { Double(inputs[((d * steps + t) * batch + b) * gates * n + $0]) }
          let s = (0..<gates * n).map { row in
            (0..<n).reduce(cell == CK_CELL_GRU ? Double(bias[d * gates * n + row]) : 0) {
              $0 + Double(weights[d][row * n + $1]) * h[$1]
            }
          }
          let before = h
          for k in 0..<n {
            switch cell {
            case CK_CELL_LSTM:
              func gate(_ i: Int) -> Double { x[i * n + k] + s[i * n + k] }
              let at = (d * batch + b) * n + k
              last[at] = sigmoid(gate(2)) * last[at] + sigmoid(gate(0)) * tanh(gate(3))
              h[k] = sigmoid(gate(1)) * tanh(last[at])
            case CK_CELL_GRU:
              let (update, reset) = (sigmoid(x[k] + s[k]), sigmoid(x[n + k] + s[n + k]))
              h[k] = (1 - update) * tanh(x[2 * n + k] + reset * s[2 * n + k]) + update * before[k]
            default: h[k] = max(x[k] + s[k], 0)
            }
            out[((t * directions + d) * batch + b) * n + k] = h[k]
          }
        }
      }
    }
    return (out, last)
  }

  @Test("goes along sequences of every width, within its memory", arguments: Level.all)
  func walks(level: Level) throws {
    var numbers = Numbers(seed: 31)
    let config = try #require(ck_gemm_select(CK_TYPE_F32, level.isa))
    for n in [1, 2, 3, level.lanes - 1, level.lanes, level.lanes + 1, 2 * level.lanes + 3, 37] where n > 0 {
      for (cell, directions, batch) in [
        (CK_CELL_LSTM, 2, 1), (CK_CELL_LSTM, 1, 3), (CK_CELL_GRU, 2, 2), (CK_CELL_GRU, 1, 1), (CK_CELL_RNN, 2, 3),
      ] {
        let (steps, rows) = (4, ck_cell_gates(cell) * n)
        let inputs = GuardedBuffer(numbers.floats(directions * steps * batch * rows), misaligned: n % 2)
        let weights = (0..<directions).map { _ in numbers.floats(rows * n, in: -0.3...0.3) }
        let bias = GuardedBuffer(numbers.floats(directions * rows))
        let h0 = GuardedBuffer(numbers.floats(directions * batch * n))
        let c0 = numbers.floats(directions * batch * n)
        let each = (ck_f32_gemm_packed_bytes(config, n, rows) / 4 + 15) / 16 * 16
        let packed = GuardedBuffer(count: directions * each, repeating: Float(0))
        for d in 0..<directions { ck_f32_gemm_pack(config, n, rows, weights[d], 1, n, packed.base + d * each, 1) }
        for reverse in [false, true] where !(reverse && directions == 2) {
          var args = ck_f32_recurrent_args()
          (args.cell, args.activation.kind) = (cell, CK_FUNCTION_RELU)
          (args.steps, args.batch, args.hidden, args.directions) = (steps, batch, n, directions)
          (args.reverse, args.weights_floats) = (reverse ? 1 : 0, each)
          (args.inputs, args.weights) = (UnsafePointer(inputs.base), UnsafePointer(packed.base))
          (args.bias, args.h0) = (UnsafePointer(bias.base), UnsafePointer(h0.base))
          let bytes = ck_f32_recurrent_scratch_bytes(config, &args)
          var results: [[Float]] = []
          for threads: Int32 in [1, 2] {
            let (out, c) = (GuardedBuffer(count: steps * directions * batch * n, repeating: Float(0)), GuardedBuffer(c0))
            let scratch = GuardedBuffer(count: (bytes / 4 + 15) / 16 * 16, repeating: Float.nan)
            (args.out, args.c) = (out.base, c.base)
            ck_f32_recurrent(config, level.isa, &args, scratch.base, threads)
            let wanted = Self.meaning(
              cell, reverse, [steps, directions, batch, n], inputs: inputs.elements, weights: weights, bias: bias.elements,
              h0: h0.elements, c0: c0)
            let difference =
              firstDifference(out.elements, wanted.out, relative: 1e-5, absolute: 2e-6)
              ?? firstDifference(c.elements, wanted.c, relative: 1e-5, absolute: 2e-6)
            #expect(
              difference == nil && out.isIntact && c.isIntact && inputs.isIntact && scratch.isIntact,
              "cell \(cell.rawValue), \(directions) x \(batch) x \(n): \(difference ?? "memory")")
            results.append(out.elements)
          }
          #expect(results[0].map(\.bitPattern) == results[1].map(\.bitPattern), "threads change cell \(cell.rawValue)")
        }
      }
    }
  }
}
