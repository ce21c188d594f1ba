import MNNNumpy
import Testing

/// How arrays are written and read in Swift.
@Suite("syntax")
struct SyntaxTests {
  @Test("prints what the quick-start prints")
  func quickStart() throws {
    let x = np.array([[1.0, 2.0], [3.0, 4.0]])
    #expect("\(x)" == "array([[1., 2.],\n       [3., 4.]], dtype=float32)")
    let y = x * 2
    #expect("\(y)" == "array([[2., 4.],\n       [6., 8.]], dtype=float32)")
    #expect(try y.shape == [2, 2])
    #expect(try y.scalars(as: Float.self) == [2, 4, 6, 8])
    #expect("\(np.array([1, 2, 3]))" == "array([1, 2, 3], dtype=int32)")
  }

  @Test("gives literals the type of the array beside them")
  func literals() throws {
    let doubles = np.array([0.1, 0.2], dtype: np.float64)
    #expect(try doubles.scalars(as: Double.self) == [0.1, 0.2])
    #expect(try (doubles * 0.1).scalars(as: Double.self) == [0.1 * 0.1, 0.2 * 0.1])
    #expect(try np.multiply(doubles, 0.1).scalars(as: Double.self) == [0.1 * 0.1, 0.2 * 0.1])
    #expect(try np.add([1, 2], 0.5).dtype == .float64)
    let numbers: [Double] = [1, 2]
    #expect(try np.array(numbers).dtype == .float64)
    #expect(np.array([[1, 2], [3]]).error != nil)
  }

  @Test("reads by positions, ranges, names, masks and lists")
  func reading() throws {
    let x = np.arange(24).reshape(2, 3, 4)
    #expect(try x[1, 2, 3].item(as: Int64.self) == 23)
    #expect(try x[-1].shape == [3, 4])
    #expect(try x[0, 1..., .step(2)].shape == [2, 2])
    #expect(try x[..., 0].shape == [2, 3])
    #expect(try x[..., .reversed][0, 0].scalars(as: Int64.self) == [3, 2, 1, 0])
    #expect(try x[.newAxis, .ellipsis, ..<2].shape == [1, 2, 3, 2])
    #expect(try x[.all, [0, 2]].shape == [2, 2, 4])
    #expect(try x[x > 20].scalars(as: Int64.self) == [21, 22, 23])
    #expect(try x[[true, false]].shape == [1, 3, 4])
    #expect(try x[0, .slice(-1, nil), 1...2].scalars(as: Int64.self) == [9, 10])
    let i = 1
    #expect(try x[i, i, i].item(as: Int64.self) == 17)
  }

  @Test("writes through slices, and only where it should")
  func writing() throws {
    var x = np.zeros([2, 3])
    let before = x
    x[0] = [1.0, 2.0, 3.0]
    x[1, 1...] = 7
    x[x .== 0] = -1
    x[..., 0] += 10
    #expect(try x.scalars(as: Float.self) == [11, 2, 3, 9, 7, 7])
    #expect(try before.scalars(as: Float.self) == [0, 0, 0, 0, 0, 0])
    x[0] = x[1]
    #expect(try x.scalars(as: Float.self) == [9, 7, 7, 9, 7, 7])
    x[.all, .reversed] = x
    #expect(try x.scalars(as: Float.self) == [7, 7, 9, 7, 7, 9])
    x[5] = 1
    #expect(throws: ExprError.self) { try x.tensor() }
  }

  @Test("keeps errors until something is read")
  func errors() throws {
    let bad = np.add(np.zeros([2, 3]), np.zeros([4]))
    let worse = np.sum(np.exp(bad), axis: 0) + 1
    let error = try #require(throws: ExprError.self) { try worse.tensor() }
    #expect(error.description.contains("broadcast"))
    #expect("\(bad)".contains("broadcast"))
    #expect(np.sum([1.0], axis: 3).error?.description.contains("axis out of range") == true)
    #expect(np.zeros([1 << 40, 1 << 40]).error != nil)
    #expect(np.exp(Variable.placeholder(shape: [2])).error != nil)
  }

  @Test("has numpy's methods")
  func methods() throws {
    var x = np.array([[3.0, 1.0], [2.0, 4.0]])
    #expect(try x.T.scalars(as: Float.self) == [3, 2, 1, 4])
    #expect(try x.mean([0, 1]).item(as: Float.self) == 2.5)
    #expect(try x.sum(0).scalars(as: Float.self) == [5, 5])
    #expect(try x.argmax(1).scalars(as: Int64.self) == [0, 1])
    #expect(try x.astype(np.int64).dtype == .int64)
    x.sort()
    #expect(try x.scalars(as: Float.self) == [1, 3, 2, 4])
    x.fill(9)
    #expect(try x.scalars(as: Float.self) == [9, 9, 9, 9])
  }

  @Test("multiplies matrices with @-like functions and reads axes given as lists or ranges")
  func products() throws {
    let x = np.arange(6, dtype: np.float32).reshape(2, 3)
    #expect(try np.matmul(x, x.T).scalars(as: Float.self) == [5, 14, 14, 50])
    #expect(try np.einsum("ij,kj->ik", x, x).scalars(as: Float.self) == [5, 14, 14, 50])
    #expect(try np.sum(x, axis: 0..<2).item(as: Float.self) == 15)
  }
}
