import MNNGraph
import Testing

@testable import MNNExpr

@Suite struct LinearAlgebraTests {
  /// LAPACK in double precision leaves errors of a few units of the last place, times the condition of these small matrices.
  private static let tolerance = 1e-12

  private static func matrix(_ shape: [Int], seed: UInt64 = 7) throws -> Tensor {
    var state = seed
    let values = (0..<shape.reduce(1, *)).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31) * 2 - 1
    }
    return try Tensor(shape: shape, scalars: values)
  }

  private static func product(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    try Interpreter().evaluate(MatMul(), Arguments([a, b]))[0]
  }

  private static func difference(_ a: Tensor, _ b: Tensor) throws -> Double {
    #expect(a.shape == b.shape)
    return zip(try a.scalars(as: Double.self), try b.scalars(as: Double.self)).map { abs($0 - $1) }.max() ?? 0
  }

  @Test("multiplies back to the matrix", arguments: [[4, 3], [3, 4], [2, 5, 5], [1, 1], [0, 3], [2, 3, 0]])
  func svd(shape: [Int]) throws {
    let a = try Self.matrix(shape)
    for isFull in [true, false] {
      let (u, s, vt) = try LinearAlgebra.svd(a, fullMatrices: isFull)
      let (left, right) = (try #require(u), try #require(vt))
      let values = try s.scalars(as: Double.self)
      let (rows, columns) = (left.shape[left.rank - 1], right.shape[right.rank - 2])
      let k = s.shape[s.rank - 1]
      var diagonal = [Double](repeating: 0, count: s.shape.dropLast().reduce(1, *) * rows * columns)
      for (i, value) in values.enumerated() { diagonal[i / k * rows * columns + i % k * columns + i % k] = value }
      let middle = try Tensor(shape: s.shape.dropLast() + [rows, columns], scalars: diagonal)
      #expect(try Self.difference(Self.product(Self.product(left, middle), right), a) < Self.tolerance)
    }
  }

  @Test("multiplies back to the matrix", arguments: [[4, 3], [3, 4], [2, 5, 5], [0, 3], [3, 0]])
  func qr(shape: [Int]) throws {
    let a = try Self.matrix(shape)
    for isComplete in [true, false] {
      let (q, r) = try LinearAlgebra.qr(a, isComplete: isComplete)
      #expect(try Self.difference(Self.product(q, r), a) < Self.tolerance)
    }
  }

  @Test("solves and inverts")
  func solve() throws {
    let (a, b) = (try Self.matrix([3, 4, 4]), try Self.matrix([3, 4, 2], seed: 9))
    #expect(try Self.difference(Self.product(a, LinearAlgebra.solve(a, b)), b) < Self.tolerance)
    let inverse = try LinearAlgebra.inverse(a)
    #expect(try Self.difference(LinearAlgebra.solve(a, b), Self.product(inverse, b)) < Self.tolerance)
  }

  @Test("gives determinants with their sign")
  func determinants() throws {
    let a = try Tensor(shape: [2, 2, 2], scalars: [1.0, 2, 3, 4, 4, 3, 2, 1])
    let determinants = try LinearAlgebra.determinant(a).scalars(as: Double.self)
    #expect(zip(determinants, [-2, -2]).allSatisfy { abs($0 - $1) < Self.tolerance })
    let (sign, logarithm) = try LinearAlgebra.signAndLogDeterminant(a)
    #expect(try sign.scalars(as: Double.self) == [-1, -1])
    #expect(try abs(logarithm.scalars(as: Double.self)[0] - 0.693_147_180_559_945_3) < Self.tolerance)
    #expect(try LinearAlgebra.determinant(Tensor.zeros(.float64, [0, 0])).scalars(as: Double.self) == [1])
  }

  @Test("finds eigenvalues and vectors")
  func eigen() throws {
    let x = try Self.matrix([5, 5])
    let transposed = try Interpreter().evaluate(Transpose(permutation: [1, 0]), Arguments([x]))[0]
    let a = try Self.product(x, transposed)
    let (values, vectors) = try LinearAlgebra.eigenSymmetric(a)
    let v = try #require(vectors)
    let scaled = try Interpreter().evaluate(Binary(.multiply), Arguments([v, values]))[0]
    #expect(try Self.difference(Self.product(a, v), scaled) < Self.tolerance)
    let general = try LinearAlgebra.eigen(a)
    #expect(
      try zip(general.values.scalars(as: Double.self).sorted(), values.scalars(as: Double.self)).allSatisfy {
        abs($0 - $1) < 1e-11
      })
    let l = try LinearAlgebra.cholesky(a)
    let upper = try Interpreter().evaluate(Transpose(permutation: [1, 0]), Arguments([l]))[0]
    #expect(try Self.difference(Self.product(l, upper), a) < Self.tolerance)
  }

  @Test("minimizes the squares of what is left over")
  func leastSquares() throws {
    let a = try Tensor(shape: [3, 2], scalars: [1.0, 0, 1, 1, 1, 2])
    let b = try Tensor(shape: [3, 1], scalars: [1.0, 3, 5])
    let (x, rank, _) = try LinearAlgebra.leastSquares(a, b, rcond: 1e-15)
    #expect(rank == 2)
    #expect(try zip(x.scalars(as: Double.self), [1, 2]).allSatisfy { abs($0 - $1) < Self.tolerance })
  }

  @Test("throws for what has no answer")
  func errors() throws {
    let singular = try Tensor(shape: [2, 2], scalars: [1.0, 2, 2, 4])
    #expect { _ = try LinearAlgebra.inverse(singular) } throws: { ($0 as? ExprError)?.code == .linearAlgebra }
    let infinite = try Tensor(shape: [2, 2], scalars: [1.0, .nan, 2, 4])
    #expect { _ = try LinearAlgebra.svd(infinite) } throws: { ($0 as? ExprError)?.code == .linearAlgebra }
    #expect(throws: ExprError.self) { try LinearAlgebra.solve(Self.matrix([2, 3]), Self.matrix([2, 1])) }
    #expect(throws: ExprError.self) { try LinearAlgebra.determinant(Self.matrix([3])) }
    #expect(throws: ExprError.self) { try LinearAlgebra.eigen(Tensor(shape: [2, 2], scalars: [0.0, 1, -1, 0])) }
  }
}
