import MNNCV
import MNNExpr
import MNNGraph
import Testing

let goldenCodecs: [String: GoldenFunction] = [
  "imdecode": { g, i in [try cv.imdecode(i[0].scalars(as: UInt8.self), g.word("mode") == "grayscale" ? .grayscale : .color)] },
  // What is written is read again; OpenCV reads the same from what it writes.
  "imencode": { g, i in [try cv.imdecode(cv.imencode(g.word("ext") ?? "", i[0]), .unchanged)] },
]
