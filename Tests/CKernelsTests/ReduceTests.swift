import CKernels
import Foundation
import Testing

@Suite struct ReduceTests {
  static let kinds: [(String, ck_reduce_kind, @Sendable ([Double]) -> Double)] = [
    ("sum", CK_REDUCE_SUM, { $0.reduce(0, +) }), ("mean", CK_REDUCE_MEAN, { $0.reduce(0, +) / Double($0.count) }),
    ("max", CK_REDUCE_MAX, { $0.contains { $0.isNaN } ? .nan : $0.max() ?? -.infinity }),
    ("min", CK_REDUCE_MIN, { $0.contains { $0.isNaN } ? .nan : $0.min() ?? .infinity }),
    ("product", CK_REDUCE_PROD, { $0.reduce(1, *) }), ("sum of squares", CK_REDUCE_SUM_SQUARE, { $0.reduce(0) { $0 + $1 * $1 } }),
    ("l1", CK_REDUCE_L1, { $0.reduce(0) { $0 + Swift.abs($1) } }),
    ("l2", CK_REDUCE_L2, { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }),
    ("log sum", CK_REDUCE_LOG_SUM, { log($0.reduce(0, +)) }),
    (
      "log sum exp", CK_REDUCE_LOG_SUM_EXP,
      {
        let top = $0.max() ?? -.infinity; return top.isInfinite ? top : top + log($0.reduce(0) { $0 + exp($1 - top) })
      }
    ),
  ]

  /// Calls `body` with the elements along the middle axis of `x: [outer, n, inner]`, and the result's index.
  static func along(_ x: [Float], _ outer: Int, _ n: Int, _ inner: Int, _ body: ([Double]) -> [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for o in 0..<outer {
      for k in 0..<inner {
        let values = body((0..<n).map { Double(x[(o * n + $0) * inner + k]) })
        for (i, value) in values.enumerated() { result[(o * n + i) * inner + k] = value }
      }
    }
    return result
  }

  static func shapes(_ level: Level) -> [(Int, Int, Int)] {
    level.lengths.map { (2, $0, 1) }
      + [1, 2, level.lanes - 1, level.lanes, level.lanes + 1, 70, 300].flatMap { inner in [1, 2, 5, 8].map { (2, $0, inner) } }
      + [(37, 5, 1), (16, 16, 1), (50, 3, 1), (3, 1, 1), (1, 5000, 1), (2, 10_007, 1), (1, 70_001, 1), (0, 4, 4)]
  }

  @Test("reduces rows and columns of every length", arguments: Level.all)
  func reductions(level: Level) {
    var numbers = Numbers(seed: 20)
    for (outer, n, inner) in Self.shapes(level) {
      let x = GuardedBuffer(numbers.floats(outer * n * inner, in: 0.5...1.5), misaligned: n % 2)
      for (name, kind, meaning) in Self.kinds where !(kind == CK_REDUCE_PROD && n > 1000) {
        let y = GuardedBuffer(count: outer * inner, repeating: Float(0)),
          z = GuardedBuffer(count: outer * inner, repeating: Float(0))
        ck_f32_reduce(level.isa, kind, outer, n, inner, x.base, y.base, 1)
        ck_f32_reduce(level.isa, kind, outer, n, inner, x.base, z.base, 3)
        let wanted = (0..<outer * inner).map { at in
          meaning((0..<n).map { Double(x.base[(at / inner * n + $0) * inner + at % inner]) })
        }
        let difference = firstDifference(y.elements, wanted, relative: kind == CK_REDUCE_PROD ? 2e-5 : 2e-6, absolute: 2e-6)
        #expect(difference == nil && y.isIntact && x.isIntact, "\(name) of \((outer, n, inner)): \(difference ?? "")")
        #expect(y.elements.map(\.bitPattern) == z.elements.map(\.bitPattern), "threads change \(name) of \((outer, n, inner))")
      }
    }
  }

  @Test("finds NaN wherever it stands when looking for the greatest and least", arguments: Level.all)
  func notANumber(level: Level) {
    let n = 4 * level.lanes + 3
    for position in 0..<n {
      var row = (0..<n).map { Float($0) - 5 }
      row[position] = .nan
      for kind in [CK_REDUCE_MAX, CK_REDUCE_MIN] {
        var y: [Float] = [0, 0]
        ck_f32_reduce(level.isa, kind, 1, n, 1, row, &y, 1)
        #expect(y[0].isNaN)
        let columns: [Float] = row.flatMap { [$0, Float(1)] }
        ck_f32_reduce(level.isa, kind, 1, n, 2, columns, &y, 1)
        #expect(y[0].isNaN && y[1] == 1)
      }
      var index: [Int64] = [-1]
      ck_f32_arg_reduce(level.isa, 0, 0, 1, n, 1, row, &index, 8, 1)
      #expect(index[0] == position)
    }
  }

  @Test("gives the first or last index of the greatest or least", arguments: Level.all)
  func argReductions(level: Level) {
    var numbers = Numbers(seed: 21)
    for (outer, n, inner) in Self.shapes(level) where n > 0 {
      let x = GuardedBuffer((0..<outer * n * inner).map { _ in Float(Int.random(in: -5...5, using: &numbers)) })
      for (least, last) in [(Int32(0), Int32(0)), (0, 1), (1, 0), (1, 1)] {
        let y = GuardedBuffer(count: outer * inner, repeating: Int32(-1))
        ck_f32_arg_reduce(level.isa, least, last, outer, n, inner, x.base, y.base, 4, 2)
        let wanted = (0..<outer * inner).map { at -> Int32 in
          let values = (0..<n).map { x.base[(at / inner * n + $0) * inner + at % inner] }
          let best = least == 1 ? values.min()! : values.max()!
          return Int32(last == 1 ? values.lastIndex(of: best)! : values.firstIndex(of: best)!)
        }
        #expect(y.elements == wanted && y.isIntact)
      }
    }
  }

  @Test("pools a blocked tensor to one pixel", arguments: Level.all)
  func globalPool(level: Level) {
    var numbers = Numbers(seed: 22)
    for spatial in [1, 2, 7, 49, 3136] {
      for c in [level.lanes, 4, 16] {
        let x = GuardedBuffer(numbers.floats(3 * spatial * c)), y = GuardedBuffer(count: 3 * c, repeating: Float(0))
        for (kind, meaning) in [
          (CK_REDUCE_MEAN, { (v: [Double]) in v.reduce(0, +) / Double(v.count) }), (CK_REDUCE_MAX, { $0.max()! }),
        ] {
          ck_f32_global_pool_blocked(level.isa, kind, 3, spatial, c, x.base, y.base, 2)
          let wanted = (0..<3 * c).map { at in meaning((0..<spatial).map { Double(x.base[(at / c * spatial + $0) * c + at % c]) })
          }
          #expect(firstDifference(y.elements, wanted, relative: 1e-5, absolute: 1e-6) == nil && y.isIntact)
        }
      }
    }
  }

  @Test("softmax sums to one over rows and columns, and its logarithm agrees", arguments: Level.all)
  func softmax(level: Level) {
    var numbers = Numbers(seed: 23)
    for (outer, n, inner) in Self.shapes(level) where n > 0 {
      let x = GuardedBuffer(numbers.floats(outer * n * inner, in: -20...20))
      func wanted(_ log: Bool) -> [Double] {
        Self.along(x.elements, outer, n, inner) { values in
          let top = values.max()!, sum = values.reduce(0) { $0 + exp($1 - top) }
          return values.map { log ? $0 - top - Foundation.log(sum) : exp($0 - top) / sum }
        }
      }
      for logarithm: Int32 in [0, 1] {
        let y = GuardedBuffer(count: x.count, repeating: Float(0)), z = GuardedBuffer(x.elements, misaligned: 1)
        ck_f32_softmax(level.isa, logarithm, outer, n, inner, x.base, y.base, 1)
        ck_f32_softmax(level.isa, logarithm, outer, n, inner, z.base, z.base, 3)
        let difference = firstDifference(
          y.elements, wanted(logarithm == 1), relative: 3e-6, absolute: logarithm == 1 ? 4e-6 : 1e-30)
        #expect(difference == nil && y.isIntact, "\((outer, n, inner)) \(difference ?? "")")
        #expect(y.elements == z.elements && z.isIntact)
      }
    }
  }

  @Test("attention's softmax scales, adds the mask, and gives zeros for a row that is masked away", arguments: Level.all)
  func maskedSoftmax(level: Level) {
    var numbers = Numbers(seed: 24)
    for n in [1, 5, level.lanes, 3 * level.lanes + 2] {
      // Two batches of three heads of four queries: one mask row per query of a batch.
      let rows = 24, x = GuardedBuffer(numbers.floats(rows * n)), y = GuardedBuffer(count: rows * n, repeating: Float(0))
      var maskValues = (0..<8 * n).map { _ in Bool.random(using: &numbers) ? Float(0) : -Float.infinity }
      for k in 0..<n { maskValues[5 * n + k] = -.infinity }
      let mask = GuardedBuffer(maskValues)
      ck_f32_softmax_masked(level.isa, rows, n, 0.5, x.base, mask.base, 8, 3, y.base, 2)
      var wanted: [Double] = []
      for row in 0..<rows {
        let v = (0..<n).map { 0.5 * Double(x.base[row * n + $0]) + Double(maskValues[row / 3 % 8 * n + $0]) }
        let top = v.max()!, sum = v.reduce(0) { $0 + exp($1 - top) }
        wanted += v.map { top == -.infinity ? 0 : exp($0 - top) / sum }
      }
      #expect(firstDifference(y.elements, wanted, relative: 1e-6) == nil && y.isIntact)
    }
  }

  @Test("normalizes rows with and without residual, scale, shift and sum", arguments: Level.all)
  func norms(level: Level) {
    var numbers = Numbers(seed: 25)
    for n in level.lengths + [384, 5001] where n > 0 {
      let rows = 3, count = rows * n
      let x = GuardedBuffer(numbers.floats(count, in: 5...7)), r = GuardedBuffer(numbers.floats(count)),
        g = GuardedBuffer(numbers.floats(n)), b = GuardedBuffer(numbers.floats(n))
      for options in 0..<8 {
        let (residual, gamma, beta) = (options & 1 != 0, options & 2 != 0, options & 4 != 0)
        let v = (0..<count).map { Double(residual ? x.base[$0] + r.base[$0] : x.base[$0]) }
        var layer = v, root = v
        for row in 0..<rows {
          let slice = v[(row * n)..<(row * n + n)], mean = slice.reduce(0, +) / Double(n)
          let variance = slice.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n),
            square = slice.reduce(0) { $0 + $1 * $1 } / Double(n)
          for k in 0..<n {
            let scale = gamma ? Double(g.base[k]) : 1
            layer[row * n + k] = (v[row * n + k] - mean) / (variance + 1e-3).squareRoot() * scale + (beta ? Double(b.base[k]) : 0)
            root[row * n + k] = v[row * n + k] / (square + 1e-3).squareRoot() * scale
          }
        }
        let y = GuardedBuffer(count: count, repeating: Float(0)), sum = GuardedBuffer(count: count, repeating: Float(0))
        ck_f32_layer_norm(
          level.isa, rows, n, 1e-3, x.base, residual ? r.base : nil, gamma ? g.base : nil, beta ? b.base : nil, y.base, sum.base,
          2)
        #expect(
          firstDifference(y.elements, layer, relative: 1e-5, absolute: 5e-5) == nil && y.isIntact, "n \(n) options \(options)")
        #expect(firstDifference(sum.elements, v, relative: 0) == nil && sum.isIntact)
        let place = GuardedBuffer(x.elements)
        ck_f32_rms_norm(level.isa, rows, n, 1e-3, place.base, residual ? r.base : nil, gamma ? g.base : nil, place.base, nil, 1)
        #expect(firstDifference(place.elements, root, relative: 1e-5, absolute: 1e-6) == nil && place.isIntact)
      }
    }
  }

  @Test("normalizes the channels of blocked pixels, into blocks and into rows", arguments: Level.all)
  func blockedNorm(level: Level) {
    var numbers = Numbers(seed: 27)
    for c in [level.lanes, 4] {
      for channels in level.lengths + [96, 384] where channels > 0 {
        let (n, spatial) = (2, 5)
        let values = numbers.floats(n * channels * spatial, in: 3...5)
        let x = GuardedBuffer(blocked(values, n: n, channels: channels, spatial: spatial, c: c))
        let gamma = GuardedBuffer(numbers.floats(channels)), beta = GuardedBuffer(numbers.floats(channels))
        for hasParameters in [false, true] {
          var wanted = [Double](repeating: 0, count: values.count)
          for pixel in 0..<n * spatial {
            let v = (0..<channels).map { Double(values[(pixel / spatial * channels + $0) * spatial + pixel % spatial]) }
            let mean = v.reduce(0, +) / Double(channels)
            let factor = 1 / (v.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels) + 1e-3).squareRoot()
            for k in 0..<channels {
              let y = (v[k] - mean) * factor
              wanted[pixel * channels + k] = hasParameters ? y * Double(gamma.base[k]) + Double(beta.base[k]) : y
            }
          }
          let (g, b) = hasParameters ? (gamma.base, beta.base) : (nil, nil)
          let rows = GuardedBuffer(count: values.count, repeating: Float(0))
          ck_f32_layer_norm_blocked(level.isa, n, channels, spatial, c, 1e-3, x.base, g, b, 1, rows.base, 1)
          #expect(
            firstDifference(rows.elements, wanted, relative: 1e-5, absolute: 5e-5) == nil && rows.isIntact,
            "\(channels) channels by \(c)")
          let place = GuardedBuffer(x.elements)
          ck_f32_layer_norm_blocked(level.isa, n, channels, spatial, c, 1e-3, place.base, g, b, 0, place.base, 3)
          let image = plain(place.elements, n: n, channels: channels, spatial: spatial, c: c)
          for pixel in 0..<n * spatial {
            for k in 0..<channels {
              #expect(
                image[(pixel / spatial * channels + k) * spatial + pixel % spatial] == rows.base[pixel * channels + k])
            }
          }
          #expect(place.isIntact)
        }
      }
    }
  }

  @Test("normalizes groups of channels", arguments: Level.all)
  func groups(level: Level) {
    var numbers = Numbers(seed: 26)
    for (channels, groups, spatial) in [(6, 3, 5), (4, 4, 49), (8, 1, 17)] {
      let n = 2, each = channels / groups * spatial
      let x = GuardedBuffer(numbers.floats(n * channels * spatial)), g = numbers.floats(channels), b = numbers.floats(channels)
      var wanted = x.elements.map(Double.init)
      for k in 0..<n * groups {
        let v = Array(wanted[(k * each)..<(k * each + each)]), mean = v.reduce(0, +) / Double(each)
        let factor = 1 / (v.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(each) + 1e-5).squareRoot()
        for i in 0..<each {
          let channel = (k * each + i) / spatial % channels
          wanted[k * each + i] = (v[i] - mean) * factor * Double(g[channel]) + Double(b[channel])
        }
      }
      ck_f32_group_norm(level.isa, n, channels, groups, spatial, 1e-5, x.base, g, b, x.base, 2)
      #expect(firstDifference(x.elements, wanted, relative: 1e-5, absolute: 3e-6) == nil && x.isIntact)
    }
  }

  @Test("sums up along an axis from either end, with or without the element itself")
  func runningSums() {
    let x: [Float] = [1, 2, 3, 4, 5, 6]
    var y = [Float](repeating: 0, count: 6)
    ck_f32_cumsum(0, 0, 1, 3, 2, x, &y, 1)
    #expect(y == [1, 2, 4, 6, 9, 12])
    ck_f32_cumsum(1, 0, 2, 3, 1, x, &y, 1)
    #expect(y == [0, 1, 3, 0, 4, 9])
    ck_f32_cumsum(1, 1, 1, 6, 1, x, &y, 1)
    #expect(y == [20, 18, 15, 11, 6, 0])
  }

  @Test("reduces integers and bools", arguments: Level.all)
  func integers(level: Level) {
    let x: [Int32] = [1, -2, 3, -4, 5, -7]
    var y: [Int32] = [0, 0]
    for (kind, wanted) in [
      (CK_REDUCE_SUM, [2, -6]), (CK_REDUCE_MEAN, [0, -2]), (CK_REDUCE_MAX, [3, 5]), (CK_REDUCE_MIN, [-2, -7]),
      (CK_REDUCE_PROD, [-6, 140]), (CK_REDUCE_L1, [6, 16]),
    ] as [(ck_reduce_kind, [Int32])] {
      ck_i32_reduce(level.isa, kind, 2, 3, 1, x, &y, 1)
      #expect(y == wanted)
    }
    var any: [UInt8] = [9, 9, 9]
    ck_u8_reduce(level.isa, CK_REDUCE_MAX, 1, 2, 3, [0, 1, 0, 0, 1, 1], &any, 1)
    #expect(any == [0, 1, 1])
    ck_u8_reduce(level.isa, CK_REDUCE_MIN, 1, 2, 3, [0, 1, 0, 0, 1, 1], &any, 1)
    #expect(any == [0, 1, 0])
  }

  @Test("reduces doubles and long integers of every shape, the same for any number of threads", arguments: Level.all)
  func wideTypes(level: Level) {
    var numbers = Numbers(seed: 28)
    for (outer, n, inner) in Self.shapes(level) + [(1, 700, 3), (2, 513, 31), (1, 40, 300)] {
      let count = outer * n * inner
      let x = GuardedBuffer((0..<count).map { _ in Double.random(in: 0.5...1.5, using: &numbers) })
      let i = GuardedBuffer((0..<count).map { _ in Int64.random(in: -9...9, using: &numbers) })
      for (name, kind, meaning) in Self.kinds where !(kind == CK_REDUCE_PROD && n > 1000) {
        let y = GuardedBuffer(count: outer * inner, repeating: 0.0), z = GuardedBuffer(count: outer * inner, repeating: 0.0)
        ck_f64_reduce(level.isa, kind, outer, n, inner, x.base, y.base, 1)
        ck_f64_reduce(level.isa, kind, outer, n, inner, x.base, z.base, 3)
        for at in 0..<outer * inner {
          let wanted = meaning((0..<n).map { x.base[(at / inner * n + $0) * inner + at % inner] })
          let close =
            y.base[at] == wanted || abs(y.base[at] - wanted) <= 1e-12 * max(1, abs(wanted)) || wanted.isNaN && y.base[at].isNaN
          #expect(close, "\(name) of \((outer, n, inner)): \(y.base[at]) instead of \(wanted)")
        }
        #expect(y.isIntact && y.elements.map(\.bitPattern) == z.elements.map(\.bitPattern))
      }
      for (kind, start, meaning) in [
        (CK_REDUCE_SUM, 0, { $0 &+ $1 }), (CK_REDUCE_MAX, .min, { Swift.max($0, $1) }),
        (CK_REDUCE_MIN, .max, { Swift.min($0, $1) }), (CK_REDUCE_PROD, 1, { $0 &* $1 }),
        (CK_REDUCE_SUM_SQUARE, 0, { $0 &+ $1 &* $1 }),
      ] as [(ck_reduce_kind, Int64, (Int64, Int64) -> Int64)] {
        let y = GuardedBuffer(count: outer * inner, repeating: Int64(0))
        ck_i64_reduce(level.isa, kind, outer, n, inner, i.base, y.base, 2)
        let wanted = (0..<outer * inner).map { at in
          (0..<n).reduce(start) { meaning($0, i.base[(at / inner * n + $1) * inner + at % inner]) }
        }
        #expect(y.elements == wanted && y.isIntact)
      }
    }
    var y = [0.0, 0]
    ck_f64_reduce(level.isa, CK_REDUCE_MAX, 1, 3, 2, [1, 5, .nan, 2, 3, 4], &y, 1)
    #expect(y[0].isNaN && y[1] == 5)
  }
}
