import { makeAuthHandler } from '@/lib/auth/handler';
import { signInWithPasskey } from '@/lib/second-factor/passkey-sign-in';

const handleAuth = makeAuthHandler(signInWithPasskey);

export { handleAuth as GET, handleAuth as POST };
