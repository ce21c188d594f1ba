extension ModelFormat {
  public static let tflite = ModelFormat(
    "TFLITE", operatorNames: { TFLiteOperators.all.keys.sorted() },
    matches: { head in head.count >= 8 && head[4..<8].elementsEqual("TFL3".utf8) },
    read: { path, signature throws(ImportError) in try TFLiteImporter(path: path).graph(signature: signature) })
}
