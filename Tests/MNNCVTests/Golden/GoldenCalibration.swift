import MNNCV
import MNNExpr
import MNNGraph
import Testing

let goldenCalibration: [String: GoldenFunction] = [
  "Rodrigues": { _, i in [try cv.Rodrigues(i[0])] },
  "solvePnP": { g, i in
    let (rvec, tvec) = try cv.solvePnP(i[0], i[1], i[2], i.count > 3 ? i[3] : nil, flags: g.choice("method"))
    return [rvec, tvec]
  },
]
