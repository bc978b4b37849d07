import type { Language } from '../language.ts'

export const turkish: Language = {
  code: `doğrulama kodu, doğrulama kodunuz, onay kodu, onay kodunuz, güvenlik kodu, güvenlik kodunuz, giriş kodu, giriş kodunuz, erişim kodu,
    aktivasyon kodu, aktivasyon kodunuz, etkinleştirme kodu, kimlik doğrulama kodu, tek kullanımlık kod, tek kullanımlık kodunuz,
    tek kullanımlık şifre, tek kullanımlık şifreniz, tek kullanımlık parola, haneli kod, haneli kodu, sms kodu, pin kodu, kurtarma kodu`,
  bare: 'kod, kodu, kodunuz, kodun, kodunu',
  other: `posta kodu, hata kodu, ürün kodu, rezervasyon kodu, kaynak kodu, sipariş, siparişiniz, sipariş numarası, sipariş no, numara,
    numarası, no, nolu, fatura, fatura no, müşteri no, müşteri numarası, takip, takip no, takip numarası, kargo, telefon, tel, faks,
    gsm, arayın, vergi no, mersis, tutar, toplam, fiyat, bakiye, ile biten, sayfa, sürüm, oda, kat, uçuş, yıl, yaklaşık`,
  coupon:
    'indirim, indirimi, indirim kodu, promosyon, promosyon kodu, kupon, kupon kodu, kampanya, hediye, sepet, sepette, fırsat',
  access: `giriş, giriş yap, oturum aç, oturum açma, doğrula*, onayla*, kimlik, aktivasyon, etkinleştir*, kayıt, kaydınızı, şifre, şifrenizi, parola`,
  enter: 'girin, giriniz, yazın, kullanın, kullanınız, kopyalayın',
  copula: 'dir, şudur, aşağıdaki, aşağıda, işte, olarak',
  unit: 'dakika, dk, saat, gün, saniye, hafta, ay, yıl, tl, lira, puan, kişi, kez, kere, hane, haneli, karakter, adet',
  action: `doğrula, doğrulayın, doğrulama, onayla, onaylayın, onay, etkinleştir, etkinleştirin, aktive et, şifreyi sıfırla, şifremi sıfırla,
    şifrenizi sıfırlayın, şifre sıfırlama, sıfırla, şifreyi değiştir, şifre oluştur, yeni şifre, parolayı sıfırla, giriş yap, oturum aç,
    daveti kabul et, kabul et, katıl, kaydı tamamla, kilidi aç, bendim`,
  step: `başla, başlayın, devam, devam et, takip et, kargom nerede, siparişi görüntüle, faturayı görüntüle, öde, ödeme yap, indir, aç,
    görüntüle, incele, yanıtla, satın al, alışverişe başla, rezervasyon yap, değerlendir, oy ver, yenile, güncelle`,
  unsubscribe:
    'abonelikten çık, abonelikten çıkın, abonelikten çıkmak, aboneliği iptal et, listeden çık, e posta almak istemiyorum',
  aside: `gizlilik, gizlilik politikası, koşullar, kullanım koşulları, yardım, yardım merkezi, destek, müşteri hizmetleri, iletişim,
    bize ulaşın, sss, hakkımızda, tarayıcıda görüntüle, tarayıcıda aç, web sürümü, tercihler, ayarlar, ana sayfa,
    bizi takip edin`,
  denial: `reddet, bu ben değilim, ben değildim, siz değilseniz, sen değilsen, siz yapmadıysanız, talep etmediyseniz, bildir,
    iptal`,
  vague:
    'buraya, buraya tıklayın, tıklayın, bu bağlantı, bağlantı, bağlantıya, aşağıdaki bağlantı, linke, buradan',
}
