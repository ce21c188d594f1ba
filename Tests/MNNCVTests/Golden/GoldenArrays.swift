import MNNCV
import MNNExpr
import MNNGraph
import Testing

let goldenArrays: [String: GoldenFunction] = [
  "copyTo": { _, i in [try cv.copyTo(i[0], mask: i[1])] },
  "bitwise_and": { _, i in [try cv.bitwise_and(i[0], i[1], mask: i.count > 2 ? i[2] : nil)] },
  "bitwise_or": { _, i in [try cv.bitwise_or(i[0], i[1], mask: i.count > 2 ? i[2] : nil)] },
  "bitwise_xor": { _, i in [try cv.bitwise_xor(i[0], i[1], mask: i.count > 2 ? i[2] : nil)] },
  "hconcat": { _, i in [try cv.hconcat(i)] },
  "vconcat": { _, i in [try cv.vconcat(i)] },
  "mean": { _, i in [Variable(try cv.mean(i[0], i.count > 1 ? i[1] : nil))] },
  "flip": { g, i in [try cv.flip(i[0], g.integer("code") ?? 0)] },
  "rotate": { g, i in [try cv.rotate(i[0], g.choice("code"))] },
  "normalize": { g, i in
    [
      try cv.normalize(
        i[0], alpha: g.number("alpha") ?? 0, beta: g.number("beta") ?? 0, normType: g.choice("type"),
        dtype: g.word("depth").flatMap { DType(rawValue: $0) }, mask: i.count > 1 ? i[1] : nil)
    ]
  },
  "merge": { _, i in [try cv.merge(i)] },
  "split": { _, i in try cv.split(i[0]) },
  "addWeighted": { g, i in
    [try cv.addWeighted(i[0], g.number("alpha") ?? 0, i[1], g.number("beta") ?? 0, g.number("gamma") ?? 0)]
  },
  "blendLinear": { _, i in [try cv.blendLinear(i[0], i[1], i[2], i[3])] },
  "calcHist": { g, i in
    let list = { (name: String) in (g.list(name) ?? []).map { Int($0) } }
    return [
      try cv.calcHist(
        Array(i.prefix(2)), list("channels"), i.count > 2 ? i[2] : nil, list("sizes"), (g.list("ranges") ?? []).map { Float($0) })
    ]
  },
  "solve": { g, i in [try cv.solve(i[0], i[1], g.choice("method"))] },
]
