import CKernels
import Foundation
import Testing

@Suite struct BinaryTests {
  static let none = ck_activation(kind: CK_FUNCTION_IDENTITY, p0: 0, p1: 0)

  /// Row-major strides of `shape` broadcast to `result`.
  static func strides(_ shape: [Int], to result: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: result.count), step = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1 { strides[result.count - shape.count + axis] = step }
      step *= shape[axis]
    }
    return strides
  }

  static func offset(_ flat: Int, _ size: [Int], _ strides: [Int]) -> Int {
    var rest = flat, offset = 0
    for axis in size.indices.reversed() {
      offset += rest % size[axis] * strides[axis]
      rest /= size[axis]
    }
    return offset
  }

  struct Shapes: Sendable { let a, b, result: [Int] }
  static func shapes(_ level: Level) -> [Shapes] {
    let w = level.lanes
    var all: [Shapes] = level.lengths.flatMap { n in
      [Shapes(a: [n], b: [n], result: [n]), Shapes(a: [n], b: [1], result: [n]), Shapes(a: [1], b: [n], result: [n])]
    }
    for n in [1, 3, w - 1, w, w + 1, 3 * w, 5 * w + 1] {
      all += [
        Shapes(a: [7, n], b: [n], result: [7, n]), Shapes(a: [n], b: [7, n], result: [7, n]),
        Shapes(a: [7, n], b: [7, 1], result: [7, n]),
        Shapes(a: [7, 1], b: [1, n], result: [7, n]), Shapes(a: [2, 3, n], b: [2, 1, n], result: [2, 3, n]),
        Shapes(a: [2, 1, 3, n], b: [5, 1, n], result: [2, 5, 3, n]),
        Shapes(a: [2, 3, 1, 1], b: [2, 3, 4, n], result: [2, 3, 4, n]),
      ]
    }
    all += [
      Shapes(a: [], b: [], result: []), Shapes(a: [0, 3], b: [3], result: [0, 3]),
      Shapes(a: [3, 40, w], b: [3, 1, w], result: [3, 40, w]),
    ]
    return all
  }

  static let float: [(String, ck_binary_kind, @Sendable (Double, Double) -> Double)] = [
    ("add", CK_BINARY_ADD, { $0 + $1 }), ("sub", CK_BINARY_SUB, { $0 - $1 }), ("mul", CK_BINARY_MUL, { $0 * $1 }),
    ("div", CK_BINARY_DIV, { $0 / $1 }),
    ("min", CK_BINARY_MIN, { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }),
    ("max", CK_BINARY_MAX, { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }),
    ("squared difference", CK_BINARY_SQUARED_DIFFERENCE, { ($0 - $1) * ($0 - $1) }),
    ("prelu", CK_BINARY_PRELU, { $0 < 0 ? $0 * $1 : $0 }), ("pow", CK_BINARY_POW, { pow($0, $1) }),
    ("fmod", CK_BINARY_FMOD, { fmod($0, $1) }), ("atan2", CK_BINARY_ATAN2, { atan2($0, $1) }),
    (
      "mod", CK_BINARY_MOD,
      { a, b in
        let r = fmod(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r
      }
    ),
  ]

  @Test("broadcasts every float operation over every pattern of shapes", arguments: Level.all)
  func broadcasting(level: Level) {
    var numbers = Numbers(seed: 8)
    for (index, shapes) in Self.shapes(level).enumerated() {
      let aCount = shapes.a.reduce(1, *), bCount = shapes.b.reduce(1, *), count = shapes.result.reduce(1, *)
      let aStrides = Self.strides(shapes.a, to: shapes.result), bStrides = Self.strides(shapes.b, to: shapes.result)
      var aValues = numbers.floats(aCount)
      if aCount > 5 { aValues[1] = .nan; aValues[3] = -.infinity; aValues[5] = -0.0 }
      let a = GuardedBuffer(aValues), b = GuardedBuffer(numbers.floats(bCount), misaligned: index % 2)
      for (name, kind, meaning) in index % 4 == 0 ? Self.float[...] : Self.float[(index % 3)...(index % 3)] {
        let y = GuardedBuffer(count: count, repeating: Float(0))
        ck_f32_binary(
          level.isa, kind, shapes.result.count, shapes.result, a.base, aStrides, b.base, bStrides, y.base, Self.none, 1)
        let wanted = (0..<count).map {
          meaning(
            Double(a.base[Self.offset($0, shapes.result, aStrides)]), Double(b.base[Self.offset($0, shapes.result, bStrides)]))
        }
        let difference = firstDifference(y.elements, wanted, relative: 3e-7, absolute: 3e-7)
        #expect(difference == nil && y.isIntact, "\(name) \(shapes) \(difference ?? "")")
      }
    }
  }

  @Test("applies an activation after the operation, in place as well", arguments: Level.all)
  func activation(level: Level) {
    var numbers = Numbers(seed: 9)
    for (rows, n) in [(3, 5000), (300, 17), (1, 70_000), (1000, level.lanes)] {
      let a = GuardedBuffer(numbers.floats(rows * n)), b = GuardedBuffer(numbers.floats(n)),
        y = GuardedBuffer(count: rows * n, repeating: Float(0))
      let wanted = (0..<rows * n).map { Swift.max(Double(a.base[$0] + b.base[$0 % n]), 0) }
      let relu = ck_activation(kind: CK_FUNCTION_RELU, p0: 0, p1: 0)
      ck_f32_binary(level.isa, CK_BINARY_ADD, 2, [rows, n], a.base, [n, 1], b.base, [0, 1], y.base, relu, 1)
      ck_f32_binary(level.isa, CK_BINARY_ADD, 2, [rows, n], a.base, [n, 1], b.base, [0, 1], a.base, relu, 3)
      #expect(firstDifference(y.elements, wanted, relative: 0) == nil && y.isIntact)
      #expect(a.elements == y.elements && a.isIntact)
    }
  }

  @Test("knows squares, cubes and roots among the powers", arguments: Level.all)
  func powers(level: Level) {
    let x: [Float] = [0, -0.0, 1, -2, 3.5, .infinity, -.infinity, .nan, 1e-20]
    for exponent: Float in [2, 3, 0.5, -1, 0, 1.7] {
      var y = [Float](repeating: 0, count: x.count)
      ck_f32_binary(level.isa, CK_BINARY_POW, 1, [x.count], x, [1], [exponent], [0], &y, Self.none, 1)
      #expect(firstDifference(y, x.map { Double(powf($0, exponent)) }, relative: 2e-7) == nil, "exponent \(exponent): \(y)")
    }
  }

  @Test("compares with NaN as IEEE 754 says", arguments: Level.all)
  func comparisons(level: Level) {
    let kinds: [(ck_compare_kind, @Sendable (Float, Float) -> Bool)] = [
      (CK_EQUAL, { $0 == $1 }), (CK_NOT_EQUAL, { $0 != $1 }), (CK_LESS, { $0 < $1 }), (CK_LESS_OR_EQUAL, { $0 <= $1 }),
      (CK_GREATER, { $0 > $1 }), (CK_GREATER_OR_EQUAL, { $0 >= $1 }),
    ]
    var numbers = Numbers(seed: 10)
    for shapes in Self.shapes(level) {
      let count = shapes.result.reduce(1, *)
      let aStrides = Self.strides(shapes.a, to: shapes.result), bStrides = Self.strides(shapes.b, to: shapes.result)
      let choice: [Float] = [0, -0.0, 1, .nan, -1, .infinity]
      let a = GuardedBuffer((0..<shapes.a.reduce(1, *)).map { _ in choice.randomElement(using: &numbers)! })
      let b = GuardedBuffer((0..<shapes.b.reduce(1, *)).map { _ in choice.randomElement(using: &numbers)! })
      for (kind, meaning) in kinds {
        let y = GuardedBuffer(count: count, repeating: UInt8(7))
        ck_f32_compare(level.isa, kind, shapes.result.count, shapes.result, a.base, aStrides, b.base, bStrides, y.base, 2)
        let wanted = (0..<count).map { index -> UInt8 in
          meaning(a.base[Self.offset(index, shapes.result, aStrides)], b.base[Self.offset(index, shapes.result, bStrides)])
            ? 1 : 0
        }
        #expect(y.elements == wanted && y.isIntact, "\(shapes)")
      }
    }
  }

  @Test("wraps integers, divides toward zero or down, and survives a divisor of 0 and -1")
  func integers() {
    let a: [Int32] = [7, -7, 7, -7, .max, .min, .min, 5, 0]
    let b: [Int32] = [2, 2, -2, -2, 1, -1, 3, 0, 4]
    func run(_ kind: ck_binary_kind) -> [Int32] {
      var y = [Int32](repeating: 99, count: a.count)
      ck_i32_binary(0, kind, 1, [a.count], a, [1], b, [1], &y, 1)
      return y
    }
    func run64(_ kind: ck_binary_kind) -> [Int64] {
      var y = [Int64](repeating: 99, count: a.count)
      ck_i64_binary(0, kind, 1, [a.count], a.map(Int64.init), [1], b.map(Int64.init), [1], &y, 1)
      return y
    }
    let sums: [Int32] = zip(a, b).map { $0 &+ $1 }, products: [Int32] = zip(a, b).map { $0 &* $1 }
    #expect(run(CK_BINARY_ADD) == sums)
    #expect(run(CK_BINARY_MUL) == products)
    let quotients: [Int32] = zip(a, b).map { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue }
    #expect(run(CK_BINARY_DIV) == quotients)
    #expect(run(CK_BINARY_FLOORDIV) == [3, -4, -4, 3, .max, .min, -715_827_883, 0, 0])
    #expect(run(CK_BINARY_MOD) == [1, 1, -1, -1, 0, 0, 1, 0, 0])
    #expect(run(CK_BINARY_FMOD) == [1, -1, 1, -1, 0, 0, -2, 0, 0])
    let shifted: [Int32] = zip(a, b).map { value, places in places >= 0 && places < 32 ? value << places : 0 }
    #expect(run(CK_BINARY_SHIFT_LEFT) == shifted)
    #expect(run64(CK_BINARY_FLOORDIV).prefix(4) == [3, -4, -4, 3])
    #expect(run64(CK_BINARY_POW).prefix(2) == [49, 49])
    let least: [Int64] = zip(a, b).map { Int64(Swift.min($0, $1)) }
    #expect(run64(CK_BINARY_MIN) == least)
    var less = [UInt8](repeating: 9, count: a.count)
    ck_i32_compare(0, CK_LESS, 1, [a.count], a, [1], b, [1], &less, 1)
    let smaller: [UInt8] = zip(a, b).map { $0 < $1 ? 1 : 0 }
    #expect(less == smaller)
    var absolute = [Int32](repeating: 0, count: a.count)
    ck_i32_unary(ck_cpu_isa_mask(), CK_FUNCTION_ABSOLUTE, 0, 0, a.count, a, &absolute, 1)
    #expect(absolute == [7, 7, 7, 7, .max, .min, .min, 5, 0])
  }

  @Test("selects with broadcasting for every element size")
  func selection() {
    func check<T: FixedWidthInteger>(_: T.Type) {
      let size = [2, 3, 5], condition: [UInt8] = [1, 0, 7, 0, 1], a = (0..<30).map { T($0) }, b: [T] = [100, 101, 102]
      var y = [T](repeating: 0, count: 30)
      ck_select(0, MemoryLayout<T>.size, 3, size, condition, [0, 0, 1], a, [15, 5, 1], b, [0, 1, 0], &y, 1)
      let wanted: [T] = (0..<30).map { index in condition[index % 5] != 0 ? a[index] : b[index / 5 % 3] }
      #expect(y == wanted)
    }
    check(UInt8.self)
    check(UInt16.self)
    check(UInt32.self)
    check(UInt64.self)
  }

  @Test("scales and shifts channels of plain and blocked tensors", arguments: Level.all)
  func scaleShift(level: Level) {
    var numbers = Numbers(seed: 11)
    let c = level.lanes
    for (channels, inner) in [(1, 1), (5, 1), (c, 7), (c + 3, 1), (2 * c + 1, 10), (3, 5000)] {
      let n = 2, count = n * channels * inner
      let x = GuardedBuffer(numbers.floats(count)), scale = GuardedBuffer(numbers.floats(channels)),
        shift = GuardedBuffer(numbers.floats(channels))
      let act = ck_activation(kind: CK_FUNCTION_CLIP, p0: 0, p1: 6)
      let wanted = (0..<count).map { i -> Double in
        let channel = i / inner % channels
        return Swift.min(Swift.max(Double(x.base[i]) * Double(scale.base[channel]) + Double(shift.base[channel]), 0), 6)
      }
      let y = GuardedBuffer(count: count, repeating: Float(0))
      ck_f32_scale_shift(level.isa, n, channels, inner, x.base, scale.base, shift.base, y.base, act, 2)
      #expect(firstDifference(y.elements, wanted, relative: 1e-6, absolute: 3e-7) == nil && y.isIntact)
      let packed = blocked(x.elements, n: n, channels: channels, spatial: inner, c: c)
      let s = blocked(scale.elements, n: 1, channels: channels, spatial: 1, c: c),
        t = blocked(shift.elements, n: 1, channels: channels, spatial: 1, c: c)
      let bx = GuardedBuffer(packed), bs = GuardedBuffer(s), bt = GuardedBuffer(t)
      ck_f32_scale_shift_blocked(level.isa, n, channels, inner, c, bx.base, bs.base, bt.base, bx.base, act, 2)
      let back = plain(bx.elements, n: n, channels: channels, spatial: inner, c: c)
      #expect(firstDifference(back, wanted, relative: 1e-6, absolute: 3e-7) == nil && bx.isIntact)
    }
  }
}
