import MNNCV
import MNNExpr
import MNNGraph
import Testing

let goldenCalibration: [String: GoldenFunction] = [
  "Rodrigues": { _, i in [try cv.Rodrigues(i[0])] },
  "RodriguesJacobian": { _, i in
    let (dst, jacobian) = try cv.RodriguesJacobian(i[0])
    return [dst, jacobian]
  },
  "findHomography": { g, i in
    let (map, mask) = try cv.findHomography(i[0], i[1], g.choice("method"))
    return [map, mask]
  },
  "estimateAffine2D": { _, i in
    let (map, inliers) = try cv.estimateAffine2D(i[0], i[1])
    return [map, inliers]
  },
  "estimateAffinePartial2D": { _, i in
    let (map, inliers) = try cv.estimateAffinePartial2D(i[0], i[1])
    return [map, inliers]
  },
  "solvePnP": { g, i in
    let (rvec, tvec) = try cv.solvePnP(i[0], i[1], i[2], i.count > 3 ? i[3] : nil, flags: g.choice("method"))
    return [rvec, tvec]
  },
]
