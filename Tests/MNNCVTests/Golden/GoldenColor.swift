import MNNCV
import MNNExpr
import MNNGraph
import Testing

let goldenColor: [String: GoldenFunction] = [
  "cvtColor": { golden, inputs in
    [try cv.cvtColor(inputs[0], try #require(colorConversions[golden.word("code") ?? ""]), dstCn: golden.integer("dstCn"))]
  },
  "cvtColorTwoPlane": { golden, inputs in
    [try cv.cvtColorTwoPlane(inputs[0], inputs[1], try #require(colorConversions[golden.word("code") ?? ""]))]
  },
]
