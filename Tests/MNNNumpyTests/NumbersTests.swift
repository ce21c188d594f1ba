import Foundation
import MNNNumpy
import Testing

/// Numbers as a Swift program has them, where literals can stand.
@Suite("numbers")
struct NumbersTests {
  private let i = 3
  private let d = 0.1
  private let ints = [1, 2, 3]
  private let doubles = [0.5, 1.5, 4.0]

  @Test("makes arrays of variables and lists, in their types")
  func arrays() throws {
    #expect(try np.array(ints).dtype == .int64 && np.array(ints).scalars(as: Int.self) == ints)
    #expect(try np.array(doubles).dtype == .float64 && np.array(doubles).scalars(as: Double.self) == doubles)
    let rows = [[1, 2, 3], [4, 5, 6]]
    #expect(try np.array(rows).shape == [2, 3] && np.array(rows).scalars(as: Int.self) == [1, 2, 3, 4, 5, 6])
    let deep: [[[Float]]] = [[[1], [2]], [[3], [4]], [[5], [6]]]
    #expect(try np.array(deep).shape == [3, 2, 1] && np.array(deep).dtype == .float32)
    #expect(try np.array(rows, dtype: np.float32).dtype == .float32)
    #expect(try np.array(d).item(as: Double.self) == 0.1)
    #expect(np.array([[1], [2, 3]] as [[Int]]).error?.description.contains("differ in length") == true)
    #expect(try np.array([] as [Int]).shape == [0])
    #expect(try np.array([UInt8(7), 8]).dtype == .uint8)
    #expect(try np.array(doubles[1...]).scalars(as: Double.self) == [1.5, 4])
    // What is written in the source stays as it was.
    #expect(try np.array([[1, 2], [3, 4]]).dtype == .int32 && np.array([1.5]).dtype == .float32)
    #expect(try np.full([2], 1.5).dtype == .float32)
  }

  @Test("takes them in functions")
  func functions() throws {
    let x = np.array([1.0, 5.0, 9.0])
    #expect(try np.arange(i).scalars(as: Int.self) == [0, 1, 2])
    #expect(try np.arange(i, 2 * i).scalars(as: Int.self) == [3, 4, 5])
    #expect(try np.full([2], d).scalars(as: Double.self) == [0.1, 0.1])
    #expect(try np.full(i, i).scalars(as: Int.self) == [3, 3, 3])
    #expect(try np.clip(x, i, 2 * i).scalars(as: Float.self) == [3, 5, 6])
    #expect(try np.clip(x, nil, d).scalars(as: Float.self) == [0.1, 0.1, 0.1])
    #expect(try np.maximum(x, i).scalars(as: Float.self) == [3, 5, 9] && np.maximum(x, d).dtype == .float32)
    #expect(try np.where(x .> i, x, d).scalars(as: Float.self) == [0.1, 5, 9])
    #expect(try np.linspace(d, i, num: 2, dtype: np.float64).scalars(as: Double.self) == [0.1, 3])
    #expect(try np.mean(doubles).item(as: Double.self) == 2)
    #expect(try np.sum(ints).item(as: Int.self) == 6)
    #expect(try np.sqrt(4.0 as Double).item(as: Double.self) == 2)
    #expect(try np.concatenate([ints, ints]).count == 6)
    #expect(try x.clip(d, i).scalars(as: Float.self) == [1, 3, 3])
    #expect(try x.take(ints, axis: nil).error == nil || x.take([0, i - 1]).scalars(as: Float.self) == [1, 9])
    #expect(try (x * i - d).dtype == .float32 && (i + x).scalars(as: Float.self) == [4, 8, 12])
    #expect(try (np.array([1, 2] as [UInt8]) + UInt8(3)).dtype == .uint8)
  }

  @Test("writes and reads them")
  func assignment() throws {
    var z = np.zeros([2, 3])
    z[0] = d
    z[1, 2] = i
    z[1, ..<2] = [d, 2 * d]
    #expect(try z.scalars(as: Float.self) == [0.1, 0.1, 0.1, 0.1, 0.2, 3])
    z[0] += i
    z[0] -= d
    z[0] += UInt8(1)
    z[0, 1] *= Float(2)
    z[...] *= 2
    z.fill(d)
    #expect(try z[0, 0].item(as: Float.self) == 0.1)
    #expect(try np.array(7.9).item(as: Int.self) == 7)
    try z.write([1, 2, 3, 4, 5, i])
    #expect(try z.item(5, as: Int.self) == 3)
  }

  @Test("keeps arithmetic of literals in 64 bits until an array's type is known")
  func literals() throws {
    #expect(try np.array([100_000 * 100_000], dtype: np.int64).scalars(as: Int.self) == [10_000_000_000])
    #expect(try np.array([100_000 * 100_000]).dtype == .int64)
    #expect(try (np.zeros([1], dtype: np.float64) + 1.0 / 3).scalars(as: Double.self) == [1.0 / 3])
    #expect(try (np.zeros([1], dtype: np.float64) + -(1.0 / 3)).scalars(as: Double.self) == [-1.0 / 3])
    #expect(try np.array([2 ** 10, 2 ** -1]).scalars(as: Float.self) == [1024, 0.5])
    #expect(try np.array([7 % -3, -7 % 3]).scalars(as: Int.self) == [-2, 2])
    let big: Variable = 9_223_372_036_854_775_807
    #expect((big + 1).error?.code == .argumentInvalid)
    #expect((big * big).error != nil)
    #expect(try np.multiply(100_000, 100_000).item(as: Int.self) == 10_000_000_000)
  }

  @Test("computes integers beyond the type and powers as numpy does")
  func integers() throws {
    let top = np.array([Int32.max, 46341])
    #expect(try (top + 1).scalars(as: Int32.self) == [.min, 46342])
    #expect(try (top * top).scalars(as: Int32.self) == [1, -2_147_479_015])
    #expect(try (top ** 2).scalars(as: Int32.self) == [1, -2_147_479_015])
    #expect(
      try (np.array([3, -3] as [Int]) ** 39).scalars(as: Int64.self) == [4_052_555_153_018_976_267, -4_052_555_153_018_976_267])
    #expect(try (np.array([3] as [Int]) ** 41).scalars(as: Int64.self) == [-420_491_770_248_316_829])
    #expect(try (np.array([2, 3, 5]) ** np.array([[0, 1, 2], [3, 0, 1]])).scalars(as: Int.self) == [1, 3, 25, 8, 1, 5])
    #expect(try (np.array([200, 3] as [UInt8]) ** 2).scalars(as: UInt8.self) == [64, 9])
    #expect((np.array([2, 3]) ** -1).error?.description.contains("negative powers") == true)
    #expect(try (np.array([2.0]) ** -1).item(as: Float.self) == 0.5)
    #expect((np.array([1, 2] as [UInt8]) + 300).error?.code == .valuesDoNotFit)
  }

  @Test("compares with operators that begin with a point")
  func comparisons() throws {
    let x = np.array(ints)
    #expect(try (x .> 1).scalars(as: Bool.self) == [false, true, true])
    #expect(try (x .< i).scalars(as: Bool.self) == [true, true, false])
    #expect(try (i .<= x).scalars(as: Bool.self) == [false, false, true])
    #expect(try (x .>= x).scalars(as: Bool.self) == [true, true, true])
    #expect(try ((x .> 1) & (x .!= i)).scalars(as: Bool.self) == [false, true, false])
  }

  @Test("takes axes with and without a label")
  func labels() throws {
    let x = np.array([[1, 2, 3], [4, 5, 6]])
    #expect(try x.sum(0).scalars(as: Int.self) == x.sum(axis: 0).scalars(as: Int.self))
    #expect(try np.sum(x, 0).scalars(as: Int.self) == np.sum(x, axis: 0).scalars(as: Int.self))
    #expect(try x.mean(axis: [0, 1], keepdims: true).shape == [1, 1])
    #expect(try x.argmax(axis: 1).scalars(as: Int.self) == [2, 2] && np.argmax(x, 1).scalars(as: Int.self) == [2, 2])
    #expect(try x.transpose([1, 0]).shape == [3, 2] && x.transpose(1, 0).shape == [3, 2])
    #expect(try np.transpose(x, 1, 0).shape == [3, 2] && np.reshape(x, 3, -1).shape == [3, 2])
    #expect(try np.concatenate([x, x], 1).shape == [2, 6] && np.stack([x, x], 0).shape == [2, 2, 3])
    #expect(try np.zeros(2, 3).shape == [2, 3] && np.ones(2, 3, 4, dtype: np.int8).shape == [2, 3, 4])
    #expect(try np.sort(x, 0).shape == [2, 3] && np.take(x, 0, 1).scalars(as: Int.self) == [1, 4])
  }

  @Test("tells its size, its rows, and goes through coders")
  func parts() throws {
    let x = np.arange(6, dtype: .int16).reshape(2, 3)
    #expect(try x.ndim == 2 && x.size == 6 && x.nbytes == 12)
    #expect(try x.rows.map { try $0.sum().item(as: Int.self) } == [3, 12])
    #expect(throws: ExprError.self) { try np.array(1).rows }
    for array in [x, np.array([true, false]), np.zeros([0, 2]), np.array(d)] {
      let copy = try JSONDecoder().decode(Variable.self, from: JSONEncoder().encode(array))
      #expect(try copy.tensor() == array.tensor() && copy.shape == array.shape)
    }
    for bad in [
      #"{"dtype":"int16","shape":[2],"format":"NCHW","data":"AAA="}"#,
      #"{"dtype":"bool","shape":[1],"format":"NCHW","data":"Bw=="}"#,
      #"{"dtype":"int16","shape":[-1],"format":"NCHW","data":""}"#,
      #"{"dtype":"int4","shape":[2],"format":"NCHW","data":"AA=="}"#,
    ] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Variable.self, from: Data(bad.utf8)) }
    }
    #expect(try np.allclose(x, x + 1e-9) && np.arrayEqual(x, ints) == false)
    #expect(throws: ExprError.self) { try np.allclose(x, np.zeros([5])) }
  }

  @Test("keeps an array whose writing failed, and forgets a reading that failed")
  func failures() throws {
    var x = np.array(ints)
    x[5] = 1
    #expect(throws: ExprError.self) { try x.tensor() }
    x[0] = 7
    #expect(x.error != nil)
    let error = x.takeBackFailedWrite()
    #expect(error?.description.contains("out of range") == true)
    #expect(try x.scalars(as: Int.self) == ints)
    #expect(x.takeBackFailedWrite() == nil)
    #expect(throws: ExprError.self) { try x.write(1, at: 5) }
    #expect(throws: ExprError.self) { try x.write([1, 2], at: .all) }
    #expect(try x.scalars(as: Int.self) == ints)
    try x.write([8, 9], at: 1...)
    #expect(try x.scalars(as: Int.self) == [1, 8, 9])

    let input = Variable.placeholder(shape: [2], name: "x")
    let sum = input + 1
    #expect("\(sum)".contains("placeholder"))
    let module = try nn.loadModule(inputs: [input], outputs: [sum * 2])
    #expect(try module.forward([np.array([1.0, 2.0])])[0].scalars(as: Float.self) == [4, 6])
  }
}
