public import MNNExpr
import MNNGraph

extension np {
  /// Writes a `.npy` file, whole or not at all.
  ///
  /// - Throws: ``ExprError`` with the file's error.
  public static func save(_ path: String, _ a: Variable) throws(ExprError) {
    let tensor = try a.tensor()
    try asExprError { () throws(GraphError) in try tensor.writeNPY(to: path) }
  }

  /// Reads a `.npy` file; the elements stay in the file's memory until they are written.
  public static func load(_ path: String) throws(ExprError) -> Variable {
    Variable(try asExprError { () throws(GraphError) in try Tensor(contentsOfNPY: path) })
  }

  /// Writes arrays by name into a `.npz` file, whole or not at all.
  public static func savez(_ path: String, _ arrays: KeyValuePairs<String, Variable>) throws(ExprError) {
    try write(path, arrays, compressed: false)
  }

  /// As ``savez(_:_:)``, compressed.
  public static func savezCompressed(_ path: String, _ arrays: KeyValuePairs<String, Variable>) throws(ExprError) {
    try write(path, arrays, compressed: true)
  }

  private static func write(
    _ path: String, _ arrays: KeyValuePairs<String, Variable>, compressed: Bool
  ) throws(ExprError) {
    var list: [(name: String, tensor: Tensor)] = []
    for (name, variable) in arrays { list.append((name, try variable.tensor())) }
    try asExprError { () throws(GraphError) in try NPZArchive.write(list, to: path, compressed: compressed) }
  }

  /// Reads all arrays of a `.npz` file.
  public static func loadz(_ path: String) throws(ExprError) -> [String: Variable] {
    try asExprError { () throws(GraphError) in
      let archive = try NPZArchive(contentsOf: path)
      var result: [String: Variable] = [:]
      for name in archive.names { result[name] = Variable(try archive.tensor(named: name)) }
      return result
    }
  }
}
