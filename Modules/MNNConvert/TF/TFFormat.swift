extension ModelFormat {
  public static let tensorFlow = ModelFormat(
    "TF", operatorNames: { TFOperators.all.keys.sorted() },
    // A list of nodes, each of which begins with its name.
    matches: { head in
      guard head.count > 16, head[0] == 0x0a else { return false }
      let start = head[1] < 0x80 ? 2 : head[2] < 0x80 ? 3 : 4
      return head[start] == 0x0a && head[start + 1] < 0x80
    },
    read: { path throws(ImportError) in try TFImporter(path: path).graph() })
}
