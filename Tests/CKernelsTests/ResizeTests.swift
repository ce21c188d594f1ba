import CKernels
import Testing

@Suite struct ResizeTests {
  /// Taps that are random, but in range.
  struct Axis {
    var size: Int
    var resultSize: Int
    var taps: Int
    var index: [Int32]
    var weight: [Float]

    init(_ size: Int, _ resultSize: Int, taps: Int, _ numbers: inout Numbers) {
      (self.size, self.resultSize, self.taps) = (size, resultSize, taps)
      index = (0..<resultSize * taps).map { _ in Int32.random(in: 0..<Int32(size), using: &numbers) }
      weight = numbers.floats(resultSize * taps)
    }

    static func identity(_ size: Int, _ numbers: inout Numbers) -> Axis {
      var axis = Axis(size, size, taps: 1, &numbers)
      axis.index = (0..<Int32(size)).map { $0 }
      axis.weight = [Float](repeating: 1, count: size)
      return axis
    }
  }

  @Test("adds up the taps of rows and columns", arguments: Level.all)
  func definition(level: Level) {
    var numbers = Numbers(seed: 51)
    for (planes, c) in [(1, 1), (3, 1), (2, level.lanes), (1, 2 * level.lanes + 3), (5, level.lanes - 1)] {
      for taps in [1, 2, 4] {
        var axes = [
          (Axis(5, 9, taps: taps, &numbers), Axis(7, 11, taps: taps, &numbers)),
          (Axis(1, 3, taps: taps, &numbers), Axis(4, 2, taps: 3, &numbers)),
        ]
        axes.append((Axis(6, 4, taps: taps, &numbers), .identity(2 * level.lanes + 1, &numbers)))
        for (rows, columns) in axes {
          let values = numbers.floats(planes * rows.size * columns.size * c)
          var wanted: [Double] = []
          for plane in 0..<planes {
            for row in 0..<rows.resultSize {
              for column in 0..<columns.resultSize {
                for channel in 0..<c {
                  var sum = 0.0
                  for i in 0..<rows.taps {
                    for j in 0..<columns.taps {
                      let (r, s) = (row * rows.taps + i, column * columns.taps + j)
                      let at = ((plane * rows.size + Int(rows.index[r])) * columns.size + Int(columns.index[s])) * c + channel
                      sum += Double(rows.weight[r]) * Double(columns.weight[s]) * Double(values[at])
                    }
                  }
                  wanted.append(sum)
                }
              }
            }
          }
          let x = GuardedBuffer(values)
          var results: [[Float]] = []
          for threads in [1, 3] {
            let y = GuardedBuffer(count: wanted.count, repeating: Float(7), misaligned: threads - 1)
            let isIntact = rows.index.withUnsafeBufferPointer { ri in
              rows.weight.withUnsafeBufferPointer { rw in
                columns.index.withUnsafeBufferPointer { ci in
                  columns.weight.withUnsafeBufferPointer { cw in
                    let r = ck_resize_axis(
                      in: rows.size, out: rows.resultSize, taps: rows.taps, index: ri.baseAddress, weight: rw.baseAddress)
                    let s = ck_resize_axis(
                      in: columns.size, out: columns.resultSize, taps: columns.taps, index: ci.baseAddress,
                      weight: cw.baseAddress)
                    let scratch = GuardedBuffer(count: ck_f32_resize_scratch(r, s, c, Int32(threads)), repeating: Float(9))
                    ck_f32_resize(level.isa, planes, r, s, c, x.base, y.base, scratch.base, Int32(threads))
                    return scratch.isIntact && y.isIntact
                  }
                }
              }
            }
            let difference = firstDifference(y.elements, wanted, relative: 1e-4, absolute: 1e-4)
            #expect(isIntact && difference == nil, "\(planes) \(c) \(taps): \(difference ?? "")")
            results.append(y.elements)
          }
          #expect(results[0] == results[1])
        }
      }
    }
  }
}
