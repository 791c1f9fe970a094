import { z } from 'zod';
import '../components/zodPolicy';

/** Lengths of the server, in characters. */
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;
const EMAIL_MAX = 254;
const NAME_MAX = 120;
const MESSAGE_MAX = 500;

/**
 * What can be wrong with a field. The schemas name the problem, and the page says it in its language; a text that is
 * none of these came from the server and is shown as it is.
 */
export const FIELD_PROBLEMS = [
  'nameMissing',
  'nameLong',
  'companyLong',
  'emailMissing',
  'emailWrong',
  'passwordMissing',
  'passwordShort',
  'passwordLong',
  'passwordIsEmail',
  'keyNameMissing',
  'messageLong',
] as const;
export type FieldProblemName = (typeof FIELD_PROBLEMS)[number];

const characters = (text: string) => [...text].length;
const problem = (name: FieldProblemName) => name;

// The server has the last word on addresses; this only catches what is surely none.
const email = z
  .string()
  .trim()
  .min(1, problem('emailMissing'))
  .max(EMAIL_MAX, problem('emailWrong'))
  .regex(/^[^\s@]+@[^\s@]+$/, { error: problem('emailWrong') });

const name = z
  .string()
  .trim()
  .min(1, problem('nameMissing'))
  .refine((text) => characters(text) <= NAME_MAX, problem('nameLong'));

const knownPassword = z.string().min(1, problem('passwordMissing')).max(1024, problem('passwordLong'));

const newPassword = z
  .string()
  .min(1, problem('passwordMissing'))
  .refine((text) => text === '' || characters(text) >= PASSWORD_MIN, problem('passwordShort'))
  .refine((text) => characters(text) <= PASSWORD_MAX, problem('passwordLong'));

/** Whether a password is the person's own e-mail, which anyone would try first. */
export function passwordIsEmail(password: string, address: string): boolean {
  return password !== '' && password.trim().toLowerCase() === address.trim().toLowerCase();
}

export const signInSchema = z.object({ email, password: knownPassword });

export const signUpSchema = z
  .object({
    name,
    email,
    company: z
      .string()
      .trim()
      .refine((text) => characters(text) <= NAME_MAX, problem('companyLong')),
    password: newPassword,
  })
  .refine((values) => !passwordIsEmail(values.password, values.email), { path: ['password'], error: problem('passwordIsEmail') });

export const forgotSchema = z.object({ email });

export const resetSchema = z.object({ new_password: newPassword });

/** The e-mail is known here and belongs to no field. */
export const changePasswordSchema = (address: string) =>
  z
    .object({ current_password: knownPassword, new_password: newPassword })
    .refine((values) => !passwordIsEmail(values.new_password, address), { path: ['new_password'], error: problem('passwordIsEmail') });

export const apiKeySchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, problem('keyNameMissing'))
    .refine((text) => characters(text) <= NAME_MAX, problem('nameLong')),
  /** Days as text, empty for a key without an end. */
  days: z.string(),
});

export const upgradeSchema = z.object({
  message: z
    .string()
    .trim()
    .refine((text) => characters(text) <= MESSAGE_MAX, problem('messageLong')),
});
