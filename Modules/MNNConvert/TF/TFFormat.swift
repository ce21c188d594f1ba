extension ModelFormat {
  public static let tensorFlow = ModelFormat(
    "TF", operatorNames: { TFOperators.all.keys.sorted() },
    matches: { head in
      guard head.count > 16 else { return false }
      if TFSavedModel.matches(head) { return true }
      // A list of nodes, each of which begins with its name.
      guard head[0] == 0x0a else { return false }
      let start = head[1] < 0x80 ? 2 : head[2] < 0x80 ? 3 : 4
      return head[start] == 0x0a && head[start + 1] < 0x80
    },
    read: { path, signature throws(ImportError) in try TFImporter(path: path, signature: signature).graph() })
}
