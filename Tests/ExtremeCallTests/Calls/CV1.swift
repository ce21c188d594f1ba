// Written by Scripts/generate/extreme-calls.
// swift-format-ignore-file

import MNNCV
import MNNExpr
import MNNGraph
import MNNNumpy

extension Call {
  static let cv1: [Call] = [
    Call("cv.warpAffine(_,_,_,flag,isInverse,borderMode,borderValue,code,mean,norm)", [1, 2, 3, 4, 5, 6, 7, 9, 10]) { a in return look(try cv.warpAffine(a.variable(1), a.variable(2), (a.int(3, 3), a.other(3, 3)), flag: a.pick(4), isInverse: a.flag(5), borderMode: a.pick(6), borderValue: a.doubles(7), code: nil, mean: a.doubles(9).map { Float($0) }, norm: a.doubles(10).map { Float($0) })) },
    Call("cv.warpPerspective(_,_,_,flag,isInverse,borderMode,borderValue)", [1, 2, 3, 4, 5, 6, 7]) { a in return look(try cv.warpPerspective(a.variable(1), a.variable(2), (a.int(3, 3), a.other(3, 3)), flag: a.pick(4), isInverse: a.flag(5), borderMode: a.pick(6), borderValue: a.doubles(7))) },
    Call("cv.getRectSubPix(_,_,_)", [1, 2, 3]) { a in return look(try cv.getRectSubPix(a.variable(1), (a.int(2, 3), a.other(2, 3)), (a.double(3, 1), a.double(3, 1)))) },
    Call("cv.copyMakeBorder(_,top,bottom,left,right,borderType,value)", [1, 2, 3, 4, 5, 6, 7]) { a in return look(try cv.copyMakeBorder(a.variable(1), top: a.int(2, 1), bottom: a.int(3, 1), left: a.int(4, 1), right: a.int(5, 1), borderType: a.pick(6), value: Float(a.double(7, 0)))) },
    Call("cv.connectedComponentsWithStats(_,connectivity)", [1, 2]) { a in return look(try cv.connectedComponentsWithStats(a.variable(1), connectivity: a.int(2, 8))) },
    Call("cv.connectedComponents(_,connectivity)", [1, 2]) { a in return look(try cv.connectedComponents(a.variable(1), connectivity: a.int(2, 8))) },
    Call("cv.findContours(_,_,_,offset)", [1, 2, 3, 4]) { a in return look(try cv.findContours(a.variable(1), a.pick(2), a.pick(3), offset: (a.int(4, 1), a.other(4, 2)))) },
    Call("cv.approxPolyDP(_,_,_)", [1, 2, 3]) { a in return look(try cv.approxPolyDP(a.variable(1), a.double(2, 1), a.flag(3))) },
    Call("cv.pointPolygonTest(_,_,_)", [1, 2, 3]) { a in return look(try cv.pointPolygonTest(a.variable(1), (a.double(2, 1), a.double(2, 1)), a.flag(3))) },
    Call("cv.fitLine(_,_,_,_,_)", [1, 2, 3, 4, 5]) { a in return look(try cv.fitLine(a.variable(1), a.pick(2), a.double(3, 1), a.double(4, 1), a.double(5, 1))) },
    Call("cv.fitEllipse(_)", [1]) { a in return look(try cv.fitEllipse(a.variable(1))) },
    Call("cv.contourArea(_,oriented)", [1, 2]) { a in return look(try cv.contourArea(a.variable(1), oriented: a.flag(2))) },
    Call("cv.arcLength(_,_)", [1, 2]) { a in return look(try cv.arcLength(a.variable(1), a.flag(2))) },
    Call("cv.boundingRect(_)", [1]) { a in return look(try cv.boundingRect(a.variable(1))) },
    Call("cv.convexHull(_,clockwise,returnPoints)", [1, 2, 3]) { a in return look(try cv.convexHull(a.variable(1), clockwise: a.flag(2), returnPoints: a.flag(3))) },
    Call("cv.minAreaRect(_)", [1]) { a in return look(try cv.minAreaRect(a.variable(1))) },
    Call("cv.boxPoints(_)", [1]) { a in return look(try cv.boxPoints(RotatedRect(center: (a.double(1, 1), 2), size: (a.double(1, 3), 2), angle: a.double(1, 1)))) },
    Call("cv.moments(_,binaryImage)", [1, 2]) { a in return look(try cv.moments(a.variable(1), binaryImage: a.flag(2))) },
    Call("cv.threshold(_,_,_,_,_)", [1, 2, 3, 4]) { a in return look(try cv.threshold(a.variable(1), a.double(2, 1), a.double(3, 1), a.pick(4), nil)) },
    Call("cv.adaptiveThreshold(_,_,_,_,_,_)", [1, 2, 3, 4, 5, 6]) { a in return look(try cv.adaptiveThreshold(a.variable(1), a.double(2, 1), a.pick(3), a.pick(4), a.int(5, 1), a.double(6, 1))) },
  ]
}
