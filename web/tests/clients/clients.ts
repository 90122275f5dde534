/** What other pages use, in a page under the same policy: aws-amplify with the `amplify` output, and both versions of Uppy. */

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { Amplify } from "aws-amplify";
import { fetchAuthSession, getCurrentUser, signIn, signOut } from "aws-amplify/auth";
import { parseAmplifyConfig } from "aws-amplify/utils";
import { uppy5 } from "../uppy5/uppy5";
import { asker, fileOf, type Order, type Outcome } from "./upload";

type Outputs = Parameters<typeof parseAmplifyConfig>[0] & { custom?: { cognito_endpoint?: string } };

/** Signs in with an `amplify_outputs.json`; the name that Cognito knows, and the id token. */
async function amplify(outputs: Outputs, username: string, password: string) {
  const config = parseAmplifyConfig(outputs);
  const local = outputs.custom?.cognito_endpoint;
  // The form has no place for another Cognito than AWS's; Amplify itself has.
  if (local && config.Auth?.Cognito) Object.assign(config.Auth.Cognito, { userPoolEndpoint: local });
  Amplify.configure(config);
  await signOut();
  const { isSignedIn } = await signIn({ username, password });
  const { tokens } = await fetchAuthSession();
  const user = await getCurrentUser();
  return { isSignedIn, username: user.username, sub: user.userId, token: tokens?.idToken?.toString() ?? "" };
}

/** Uploads with Uppy 6, as the README of lambda/presign has it; the key that the server chose. */
async function uppy6(order: Order): Promise<Outcome> {
  const ask = asker(order);
  const uppy = new Uppy();
  const partSize = ({ size }: { size: number | null }) => Math.max(16 << 20, Math.ceil((size ?? 0) / 10_000));
  const keyOf = (file: { id: string; name: string }) => `${file.id}/${file.name}`;
  uppy.use(AwsS3, {
    shouldUseMultipart: order.inParts,
    getChunkSize: partSize,
    generateObjectKey: keyOf,
    signRequest(request) {
      const file = uppy.getFiles().find((it) => [keyOf(it), it.s3Multipart?.key].includes(request.key));
      if (!file) return ask("/sign", request);
      const partNumber = "partNumber" in request ? request.partNumber : undefined;
      const whole = file.size ?? 0;
      const before = partSize(file) * ((partNumber ?? 1) - 1);
      const size = partNumber ? Math.min(partSize(file), whole - before) : whole;
      const mode = order.asForm ? { mode: "post" } : {};
      return ask("/sign", { ...request, contentType: file.type || "application/octet-stream", size, ...mode });
    },
  });
  uppy.addFile(fileOf(order));
  const result = await uppy.upload();
  return {
    failed: result?.failed?.map((file) => String(file.error)) ?? [],
    uploaded: result?.successful?.map((file) => ({ ...file.response?.body })) ?? [],
  };
}

Object.assign(window, { amplify, uppy5, uppy6 });
