package import MNNGraph
import TestSupport

/// An operator with operands on which it is tried: random, but mostly such that they fit.
package struct OperatorCase: Sendable {
  package let name: String
  package let make: @Sendable (inout CaseRandom) throws -> (op: any Operator, operands: [Operand?])

  init(_ name: String, _ make: @escaping @Sendable (inout CaseRandom) throws -> (op: any Operator, operands: [Operand?])) {
    self.name = name
    self.make = make
  }

  /// What has a shape that follows from types and constants.
  package static let shaped = arithmetic + layout + networks + rest + fused
  package static let all = shaped + dataDependent

  /// A generator of this case's own.
  package func random(isWide: Bool = false) -> CaseRandom {
    CaseRandom(seed: UInt64(bitPattern: Int64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) })), isWide: isWide)
  }
}

/// Numbers for ``OperatorCase``, the same in every run.
package struct CaseRandom: RandomNumberGenerator {
  private var numbers: RandomNumbers
  /// Sizes lie around the widths of vectors.
  private let isWide: Bool

  package init(seed: UInt64, isWide: Bool = false) {
    numbers = RandomNumbers(seed: seed)
    self.isWide = isWide
  }

  package mutating func next() -> UInt64 { numbers.next() }

  package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func numbers(_ count: Int, _ range: ClosedRange<Int>) -> [Int] { (0..<count).map { _ in number(range) } }
  package mutating func flag() -> Bool { number(0...1) == 1 }
  mutating func one<T>(of values: [T]) -> T { values[number(0...values.count - 1)] }

  /// A size that kernels work along: channels, rows and columns of products.
  mutating func width(_ range: ClosedRange<Int>) -> Int {
    isWide && number(0...3) > 0 ? one(of: [7, 8, 9, 15, 16, 17, 31, 33]) : number(range)
  }

  mutating func sizes(_ rank: Int, _ range: ClosedRange<Int> = 1...9) -> [Int] {
    var sizes = numbers(rank, range)
    if isWide, rank > 0 { sizes[number(0...2) > 0 ? rank - 1 : number(0...rank - 1)] = width(range) }
    return sizes
  }

  /// An axis of a tensor of this rank, from the front or the end.
  mutating func axis(_ rank: Int) -> Int { number(-rank...rank - 1) }
  /// Some of `0..<rank`, in any order.
  mutating func axes(_ rank: Int) -> [Int] { Array((0..<rank).shuffled(using: &self).prefix(number(0...rank))) }
  /// A constant of floats.
  mutating func weights(_ shape: [Int]) throws -> Operand { Operand(try numbers.floats(shape)) }
  /// Bytes for a constant.
  mutating func integers(_ shape: [Int]) throws -> Tensor { try numbers.integers(shape, in: 0...9).converted(to: .uint8) }
}

func x(_ sizes: [Int], _ dtype: DType = .float32) -> Operand { Operand(TensorType(dtype, Shape(sizes))) }
func c(_ values: [Int]) throws -> Operand { Operand(try Tensor(values.map { Int64($0) })) }
func c(_ value: Int) throws -> Operand { Operand(try Tensor(Int64(value))) }
func c(_ values: [Float]) throws -> Operand { Operand(try Tensor(values)) }
