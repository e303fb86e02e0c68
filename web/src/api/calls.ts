import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { AcquisitionService } from "../generated/larmor/v1/acquisition_service_pb";
import { CandidateService } from "../generated/larmor/v1/candidate_service_pb";
import { InfoService } from "../generated/larmor/v1/info_service_pb";
import { ResultService } from "../generated/larmor/v1/result_service_pb";
import { SampleService } from "../generated/larmor/v1/sample_service_pb";
import { signedOut } from "../session/session";

// A session ends by itself, and the page then asks to sign in again, whichever call found it out.
const noticeSignedOut: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (ConnectError.from(error).code === Code.Unauthenticated) signedOut.value = true;
    throw error;
  }
};

// The daemon serves this page and its calls at the same address.
const transport = createGrpcWebTransport({ baseUrl: globalThis.location.origin, interceptors: [noticeSignedOut] });

export const acquisitionCalls = createClient(AcquisitionService, transport);
export const candidateCalls = createClient(CandidateService, transport);
export const infoCalls = createClient(InfoService, transport);
export const resultCalls = createClient(ResultService, transport);
export const sampleCalls = createClient(SampleService, transport);
