public import MNNGraph
import MNNKernels
import Synchronization

/// An array of numbers, or the expression that will give one.
///
/// A variable is a value: assigning through a subscript, ``write(_:)`` or ``setOrder(_:)`` changes this variable and no other.
/// Building an expression computes nothing but types; reading it (``tensor()``, ``scalars(as:)``, printing) plans and runs what is
/// needed through the runtime, once. What cannot be computed - shapes that do not fit, an axis that does not exist - is kept in the
/// variable as an error and thrown on reading.
///
/// Types follow numpy 2: operands of two types meet in the smallest type that holds both; numbers written in the source
/// (`x * 2`) take the type of the array if it can hold their kind.
public struct Variable: Sendable {
  package enum Source: Sendable {
    case tensor(Tensor)
    case result(ResultHandle)
    case placeholder(Placeholder)
    case failed(Failure)
  }

  package var source: Source {
    didSet { exact = nil }
  }

  /// The meaning of the axes of an image; results take it over from their operands.
  ///
  /// A variable of ``DataFormat/NC4HW4`` has the shape and, for reading, the order of `NCHW`: packing is the backends' own matter.
  public internal(set) var format: DataFormat = .NCHW

  /// How the variable is called in a saved graph; nil for none.
  public var name: String? {
    didSet { if case .placeholder(let placeholder) = source { placeholder.name.withLock { $0 = name } } }
  }

  /// True for a number written in the source, whose type gives way to that of an array.
  package var isLiteral = false

  /// The numbers as they were written in the source, where float32 does not hold them: for arrays of float64.
  package var exact: ExactNumbers?

  package init(_ source: Source, format: DataFormat = .NCHW) {
    self.source = source
    self.format = format
  }

  /// A constant. Packed elements become int8.
  public init(_ tensor: Tensor, format: DataFormat = .NCHW) {
    if tensor.dtype.isPacked {
      self.init(format: format) { () throws(GraphError) in try tensor.unpacked() }
    } else {
      self.init(.tensor(tensor), format: format)
    }
  }

  /// A variable that holds an error, thrown when it is read.
  public init(failed error: ExprError) { source = .failed(Failure(error)) }

  package init(failed error: GraphError) { self.init(failed: ExprError(error)) }

  /// A constant of `shape` with the elements in row-major order; it holds an error if their number differs.
  public init<T: TensorScalar>(_ scalars: [T], shape: [Int]? = nil, format: DataFormat = .NCHW) {
    self.init(format: format) { () throws(GraphError) in try Tensor(shape: shape ?? [scalars.count], scalars: scalars) }
  }

  /// A constant of rank 0.
  public init<T: TensorScalar>(scalar: T) {
    self.init { () throws(GraphError) in try Tensor(scalar) }
  }

  /// The tensor that `make` gives, or its error.
  package init(format: DataFormat = .NCHW, _ make: () throws(GraphError) -> Tensor) {
    // An environment that asks for an unknown instruction set makes every array hold the error.
    do throws(GraphError) {
      _ = try Processor.current
      self.init(try make(), format: format)
    } catch { self.init(failed: error) }
  }
}

/// Numbers of a literal in row-major order; a class, to keep variables small.
package final class ExactNumbers: Sendable {
  package let values: [Double]
  init(_ values: [Double]) { self.values = values }
}

/// An error that a variable keeps; a class, to keep variables small.
package final class Failure: Sendable {
  package let error: ExprError
  /// What the variable held before a write that failed.
  let before: Variable.Source?

  init(_ error: ExprError, before: Variable.Source? = nil) {
    self.error = error
    self.before = before
  }
}

/// A place for contents that come later.
package final class Placeholder: Sendable {
  /// Sizes may be symbols.
  package let type: TensorType
  package let format: DataFormat
  /// What the last variable that was named calls it: expressions know the placeholder alone.
  let name: Mutex<String?>

  init(_ type: TensorType, format: DataFormat, name: String? = nil) {
    self.type = type
    self.format = format
    self.name = Mutex(name)
  }
}

extension Variable {
  /// A variable without contents, for expressions that are made into a ``Function`` or saved.
  ///
  /// - Parameter shape: -1 for a size that is not known yet.
  public static func placeholder(
    shape: [Int] = [], format: DataFormat = .NCHW, dtype: DType = .float32, name: String? = nil
  ) -> Variable {
    for size in shape where size < -1 {
      return Variable(
        failed: ExprError(.argumentInvalid, "bad size of a placeholder", expected: "at least 0, or -1", found: "\(size)"))
    }
    let id = UniqueNumber.next()
    let sizes = shape.enumerated().map { $1 == -1 ? Dimension.symbol("size\(id).\($0)") : Dimension($1) }
    var result = Variable(.placeholder(Placeholder(TensorType(dtype, Shape(sizes)), format: format)), format: format)
    result.name = name
    return result
  }
}
