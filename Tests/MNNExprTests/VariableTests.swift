import MNNExpr
import MNNGraph
import Testing

@Suite struct VariableTests {
  @Test("computes when it is read")
  func lazy() throws {
    let x: Variable = [[1.0, 2.0], [3.0, 4.0]]
    let y = x * 2
    #expect(try y.shape == [2, 2])
    #expect(try y.dtype == .float32)
    #expect(try y.scalars(as: Float.self) == [2, 4, 6, 8])
  }

  @Test("keeps an error and throws it when it is read")
  func errors() throws {
    let x = Variable([Float](repeating: 1, count: 6), shape: [2, 3])
    let y = Variable([Float](repeating: 1, count: 4), shape: [4])
    let z = (x + y) * 3
    #expect { _ = try z.tensor() } throws: { ($0 as? ExprError)?.graphError?.code == .shapeMismatch }
    #expect(throws: ExprError.self) { _ = try z.shape }
  }

  @Test("changes no other variable when it is written")
  func values() throws {
    var x = Variable([Float(1), 2])
    let y = x
    let z = x + 1
    try x.write([Float(5), 6])
    #expect(try x.scalars(as: Float.self) == [5, 6])
    #expect(try y.scalars(as: Float.self) == [1, 2])
    #expect(try z.scalars(as: Float.self) == [2, 3])
  }
}
